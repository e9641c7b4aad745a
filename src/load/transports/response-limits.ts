/** What is kept of a body. */
export const KEPT_BODY_BYTES = 64 * 1024
/** What is read of a body before the connection is cut; the answer then counts as it stands. */
export const READ_BODY_BYTES = 1024 * 1024
/** The longest head, and the longest trailer: beyond it an answer is no answer. */
export const MAX_HEAD_BYTES = 64 * 1024
