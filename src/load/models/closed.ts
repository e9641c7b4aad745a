import type { Flights, Model } from '../engine.js'

/**
 * The closed model: `slots` users at a time, each sends again as soon as it has its answer, or `thinkTimeMs` after it. An
 * attempt is meant to leave when its slot is free for it, connecting still to come.
 */
export const closedModel =
  (slots: number, thinkTimeMs: number) =>
  (flights: Flights): Model => {
    const thinking = new Set<NodeJS.Timeout>()
    const think = (slot: number) => {
      const timer = setTimeout(() => {
        thinking.delete(timer)
        flights.tryTo(() => flights.launch(slot, flights.nowUs()))
      }, thinkTimeMs)
      thinking.add(timer)
    }
    return {
      begin: () => {
        const startUs = flights.nowUs()
        for (let slot = 0; slot < slots; slot++) if (!flights.launch(slot, startUs)) return
      },
      freed: (slot, nowUs) => {
        if (thinkTimeMs > 0) think(slot)
        else flights.launch(slot, nowUs)
      },
      stop: () => {
        for (const timer of thinking) clearTimeout(timer)
        thinking.clear()
      },
    }
  }
