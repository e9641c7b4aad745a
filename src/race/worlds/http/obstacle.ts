/** Why a foreign shop cannot be explored, or not any further: no fault of its purchase logic that anybody has shown. */
export class Obstacle extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Obstacle'
  }
}
