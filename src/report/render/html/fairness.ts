import { thousands } from '../../../language/numbers.js'
import { say } from '../../../language/say.js'
import type { RunSummary } from '../../summary.js'
import { type Chart, figure } from './chart.js'
import type { Html } from './element.js'
import { type Place, section } from './parts.js'

const ROWS = 12

/** How many had won among the first n to send, against first come, first served. */
export const fairnessChart = ({ winnersOrder }: RunSummary, { id }: Place): Chart[] => {
  if (winnersOrder === null) return []
  const { curve, winners } = winnersOrder
  return [
    {
      id: `${id}-fairness-chart`,
      x: curve.map(([place]) => place),
      xLabel: say`place in the order of sending`,
      yLabel: say`winners so far`,
      marks: [],
      series: [
        { label: say`winners`, color: 'c1', kind: 'line', fill: 'soft1', y: curve.map(([, won]) => won) },
        {
          ...{ label: say`first come, first served`, color: 'c2', kind: 'line', dash: true },
          y: curve.map(([place]) => Math.min(place, winners)),
        },
      ],
    },
  ]
}

export const fairnessSection = (run: RunSummary, place: Place): Html | null => {
  const [chart] = fairnessChart(run, place)
  const { winnersOrder } = run
  if (winnersOrder === null || chart === undefined) return null
  const { winners, amongFirst, lastPlace, curve } = winnersOrder
  const each = Math.max(1, Math.ceil(curve.length / ROWS))
  const rows = curve.filter((_, i) => i > 0 && (i % each === 0 || i === curve.length - 1))
  return section(
    place,
    'fairness',
    say`Fairness`,
    figure(chart, {
      title: say`Winners in the order of sending`,
      text: say`Of ${thousands(winners)} winners ${thousands(amongFirst)} were among the first ${thousands(winners)} to send; the last of them sent as no. ${thousands(lastPlace)}.`,
      head: [say`among the first`, say`winners`],
      rows: rows.map(([sent, won]) => [thousands(sent), thousands(won)]),
    }),
  )
}
