import type { Socket } from 'node:net'

/**
 * Writes past the stream's own queue, which costs more than the write where one request at a time is on its way: what the
 * kernel does not take at once is sent on by the event loop, in order all the same. `text`: one character a byte.
 */
export const writeAtOnce = (socket: Socket, text: string): void => {
  socket._write(text, 'latin1', (error) => {
    if (error) socket.destroy(error)
  })
}
