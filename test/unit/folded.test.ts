import { expect, it } from 'vitest'
import { folded } from '../../src/cli/audit-runs.js'
import type { Fold } from '../../src/sale/layout.js'
import { type UserNaming, userNamer, userNaming } from '../../src/sale/usernames.js'
import { runOf, saleOf } from '../helpers/history.js'

const namesOf = (users: UserNaming, ...fold: Fold[]) => {
  const run = runOf([
    ['Ann', 'sold'],
    [' BOB ', 'sold'],
  ])
  const sale = saleOf()
  const runs = folded([{ ...run, header: { ...run.header, users } }], { ...sale, places: { ...sale.places, fold } })
  return [0, 1].map(userNamer(runs?.[0]?.header.users ?? users))
}

it('names from a template are folded as given ones are', () => {
  const template = userNaming('template: User-{{index}}', 7)
  expect(namesOf(template, 'lower', 'trim')).toEqual(['user-0', 'user-1'])
  expect(namesOf(template)).toEqual([' User-0', ' User-1'])
  expect(namesOf({ kind: 'given', names: ['Ann', ' BOB '] }, 'lower', 'trim')).toEqual(['ann', 'bob'])
})

it.each(['random', 'sequential', 'zh'])('folding leaves %s names as they are', (kind) => {
  const naming = userNaming(kind, 7)
  expect(namesOf(naming, 'lower', 'trim')).toEqual([0, 1].map(userNamer(naming)))
  for (const index of [0, 1, 12_345, 2 ** 33]) {
    const name = userNamer(naming)(index)
    expect(name.toLowerCase().trim()).toBe(name)
  }
})
