/**
 * What draws the charts in the reader's browser, from the page's data; anew when its colours change or its width does. Plain
 * JavaScript: it is no part of the program.
 */
export const SCRIPT = `
(() => {
  const specs = JSON.parse(document.getElementById('chart-data').textContent)
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
  const short = (n) => n == null ? '–' : n >= 1e6 ? +(n / 1e6).toFixed(1) + 'M' : n >= 1e4 ? Math.round(n / 1e3) + 'k' : String(+n.toPrecision(3))
  const paths = { line: undefined, bars: uPlot.paths.bars({ size: [1, Infinity], align: 1 }), steps: uPlot.paths.stepped({ align: 1 }) }
  const widths = new WeakMap()
  const seriesOf = (it) => ({
    label: it.label, stroke: color(it.color), width: it.kind === 'bars' ? 0 : 2, points: { show: false },
    value: (_, v) => short(v), paths: paths[it.kind],
    ...(it.fill && { fill: color(it.fill) }), ...(it.dash && { dash: [6, 5] }),
  })
  const mark = (spec) => (u) => {
    const dpr = devicePixelRatio || 1
    const { ctx, bbox } = u
    for (const { x, label } of spec.marks) {
      const at = Math.round(u.valToPos(x, 'x', true))
      ctx.save()
      ctx.strokeStyle = ctx.fillStyle = color('c2')
      ctx.lineWidth = 1.5 * dpr
      ctx.setLineDash([4 * dpr, 4 * dpr])
      ctx.beginPath()
      ctx.moveTo(at, bbox.top)
      ctx.lineTo(at, bbox.top + bbox.height)
      ctx.stroke()
      ctx.font = '600 ' + 12 * dpr + 'px system-ui, sans-serif'
      const wide = ctx.measureText(label).width
      const right = at + wide + 8 * dpr < bbox.left + bbox.width
      ctx.textAlign = right ? 'left' : 'right'
      ctx.textBaseline = 'top'
      ctx.fillText(label, at + (right ? 6 : -6) * dpr, bbox.top + 2 * dpr)
      ctx.restore()
    }
  }
  const optionsOf = (spec, width) => {
    const axis = { stroke: color('muted'), grid: { stroke: color('grid'), width: 1 }, ticks: { stroke: color('grid'), width: 1 }, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif', labelSize: 20 }
    const top = Math.max(0, ...spec.series.flatMap(({ y }) => y))
    return {
      width, height: width < 480 ? 210 : 250,
      cursor: { y: false, drag: { x: false, y: false }, ...(spec.sync && { sync: { key: spec.sync } }) },
      scales: {
        x: { time: false, range: () => [spec.x[0], spec.x[spec.x.length - 1]] },
        y: spec.log ? { distr: 3 } : { range: () => [0, (top || 1) * 1.12] },
      },
      axes: [
        { ...axis, label: spec.xLabel, values: spec.ticks ? (_, at) => at.map((x) => (spec.ticks.find(([t]) => t === x) || ['', ''])[1]) : (_, at) => at.map(short), ...(spec.ticks && { splits: () => spec.ticks.map(([t]) => t), filter: (_, at) => at }) },
        { ...axis, label: spec.yLabel, size: 52, values: (_, at) => at.map((n) => n == null ? '' : short(n)) },
      ],
      series: [{ label: spec.xLabel, value: (_, x) => spec.ticks ? (spec.ticks.find(([t]) => t === x) || ['', short(x)])[1] : short(x) }, ...spec.series.map(seriesOf)],
      hooks: { draw: [mark(spec)] },
    }
  }
  let charts = []
  const draw = () => {
    for (const chart of charts) chart.destroy()
    charts = specs.map((spec) => {
      const host = document.getElementById(spec.id)
      widths.set(host, host.clientWidth)
      return new uPlot(optionsOf(spec, host.clientWidth), [spec.x, ...spec.series.map(({ y }) => y)], host)
    })
    document.documentElement.dataset.charts = 'drawn'
  }
  draw()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  addEventListener('resize', () => {
    if ([...document.querySelectorAll('.chart')].some((host) => widths.get(host) !== host.clientWidth)) draw()
  })
})()
`
