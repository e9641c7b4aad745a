import { say } from '../language/say.js'
import type { Counterexample } from './race.js'
import { lanesOf, rowsOf, ruleText } from './timeline.js'

const LANE = 300
const ROW = 26
const LEFT = 40
const TOP = 60
const STOCK = 60

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

const clipped = (text: string, most = 42): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

const label = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x}" y="${y}"${more}>${escaped(text)}</text>`

/** A lane diagram of a counterexample: time runs down, a lane for each buyer, the stock on the right. A whole SVG document. */
export const timelineSvg = (counterexample: Counterexample): string => {
  const lanes = lanesOf(counterexample)
  const rows = rowsOf(counterexample)
  const width = LEFT + lanes.length * LANE + STOCK
  const height = TOP + (rows.length + 1) * ROW + counterexample.violations.length * ROW
  const stockAt = LEFT + lanes.length * LANE + 10
  const bottom = TOP + rows.length * ROW
  const heads = lanes.map((name, lane) => label(LEFT + lane * LANE + 10, 24, name, ' font-weight="bold"'))
  const rails = lanes.map((_, lane) => {
    const x = LEFT + lane * LANE
    return `<line x1="${x}" y1="34" x2="${x}" y2="${bottom}" stroke="#bbb"/>`
  })
  const body = rows.flatMap(({ lane, command, reply, told, stock }, i) => {
    const y = TOP + i * ROW
    const text = clipped(reply === '' ? command : `${command} → ${reply}`)
    const answer = told === null ? '' : ` ⇒ ${told}`
    const x = LEFT + (lane ?? 0) * LANE
    const color = (stock ?? 0) < 0 ? ' fill="#c00"' : ''
    return [
      label(4, y, String(i + 1), ' fill="#888"'),
      `<circle cx="${x}" cy="${y - 4}" r="4" fill="${lane === null ? '#c60' : '#36c'}"/>`,
      label(x + 10, y, clipped(text + answer, 48)),
      label(stockAt, y, String(stock ?? '?'), color),
    ]
  })
  const broken = counterexample.violations.map(({ rule, message }, i) =>
    label(LEFT, bottom + (i + 1) * ROW, say`${ruleText(rule)}: ${message}`, ' fill="#c00"'),
  )
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="monospace" font-size="11">`
  return [head, ...heads, label(stockAt, 24, say`stock`), ...rails, ...body, ...broken, '</svg>', ''].join('\n')
}
