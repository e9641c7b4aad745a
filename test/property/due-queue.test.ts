import { expect, it } from 'vitest'
import { DueQueue } from '../../src/load/due-queue.js'
import { fc } from '../helpers/fc.js'

it('gives what waits in the order of its time, and of two together the earlier', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 9 }))), (steps) => {
      const queue = new DueQueue<number>()
      const model: { item: number; dueUs: number }[] = []
      steps.forEach((dueUs, item) => {
        if (dueUs === null) expect(queue.shift()).toBe(model.shift()?.item)
        else {
          queue.push(item, dueUs)
          const at = model.findIndex((one) => one.dueUs > dueUs)
          model.splice(at < 0 ? model.length : at, 0, { item, dueUs })
        }
        expect([queue.length, queue.nextDueUs]).toEqual([model.length, model[0]?.dueUs])
      })
    }),
  )
})
