import { count, fail, pass, type Rule, untested } from '../finding.js'

export const noOversell: Rule = {
  id: 'no-oversell',
  needs: ['store'],
  check: (sale, ledger) => {
    const { recordedUnits: recorded, acknowledgedUnits: told, runs } = ledger
    const numbers = { observed: Math.max(recorded, told), expected: sale.initial, keys: [sale.keys.records] }
    const stock = `${count(sale.initial, 'unit')} for sale`
    if (recorded > sale.initial || told > sale.initial) {
      const words = [
        recorded > sale.initial ? `${recorded} units are recorded` : '',
        told > sale.initial ? `buyers were told they got ${told}` : '',
      ]
      return fail(`${words.filter(Boolean).join(' and ')}, but there were ${stock}`, {
        ...numbers,
        hint: 'the check of the stock and its decrement are two commands: others decrement in between; do both in one script, as list-lua and counter-lua do',
      })
    }
    const message = `${recorded} of ${stock} are recorded${runs.length > 0 ? `, ${told} were acknowledged` : ''}`
    if (runs.length > 0 && ledger.demandedUnits <= sale.initial) {
      return untested(`${message}; no more than that was asked for, so nothing could be oversold`, numbers)
    }
    return pass(message, numbers)
  },
}
