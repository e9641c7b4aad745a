/**
 * A value as JSON in pure ASCII, byte for byte what Python's `json.dumps` writes for it (`\uXXXX` in lower-case hex, DEL
 * and surrogate halves included): the form in which flask-restful sends it.
 */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
