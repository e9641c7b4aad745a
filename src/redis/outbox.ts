import type { Socket } from 'node:net'

/**
 * Bytes on their way to a socket: neighbours in memory leave as one piece. Where the receiver is slow, the source is paused.
 */
export class Outbox {
  readonly #to: Socket
  #piece: Buffer | null = null

  constructor(to: Socket, from: Socket) {
    this.#to = to
    to.on('drain', () => from.resume())
    this.#pause = () => void from.pause()
  }

  readonly #pause: () => void

  add(bytes: Buffer): void {
    if (bytes.length === 0) return
    const piece = this.#piece
    if (piece === null) {
      this.#piece = bytes
    } else if (piece.buffer === bytes.buffer && piece.byteOffset + piece.length === bytes.byteOffset) {
      this.#piece = Buffer.from(piece.buffer, piece.byteOffset, piece.length + bytes.length)
    } else {
      this.flush()
      this.#piece = bytes
    }
  }

  flush(): void {
    const piece = this.#piece
    if (piece === null) return
    this.#piece = null
    if (!this.#to.destroyed && !this.#to.write(piece)) this.#pause()
  }
}
