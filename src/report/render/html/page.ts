import { createHash } from 'node:crypto'
import { chosenLanguage } from '../../../language/choose.js'
import { say } from '../../../language/say.js'
import type { Comparison } from '../../compared.js'
import type { RunSummary } from '../../summary.js'
import { environmentSection, generatorSection } from './background.js'
import { baselineSection, comparedSection } from './compared.js'
import { decisionsChart, decisionsSection } from './decisions.js'
import { type Child, el, Html, json } from './element.js'
import { fairnessChart, fairnessSection } from './fairness.js'
import { latencyChart, latencySection } from './latency.js'
import { loadCharts, loadSection } from './load.js'
import { opening } from './opening.js'
import { badge, type Place } from './parts.js'
import { raceSection } from './race.js'
import { rulesSection } from './rules.js'
import { SCRIPT } from './script.js'
import { STYLE } from './style.js'
import { verdictSection } from './verdict.js'

/** What a page brings along to draw charts: uPlot's script and style. */
export interface ChartLibrary {
  readonly script: string
  readonly style: string
}

/** The whole report as one page that needs nothing else: script, style and data lie in it, and nothing may be fetched. */
export const htmlReport = (
  runs: readonly [RunSummary, ...RunSummary[]],
  comparison: Comparison | null,
  library: ChartLibrary,
): string => {
  const [only] = runs
  const several = runs.length > 1
  const places = runs.map((_, i): Place => ({ id: `run${i + 1}`, level: several ? 3 : 2 }))
  const charts = runs.flatMap((run, i) => {
    const place = places[i] as Place
    return [
      ...loadCharts(run, place),
      ...latencyChart(run, place),
      ...decisionsChart(run, place),
      ...fairnessChart(run, place),
    ]
  })
  const scripts = [library.script, SCRIPT]
  const styles = [library.style, STYLE]
  const top: Place = { id: 'all', level: 2 }
  return `<!doctype html>\n${
    el(
      'html',
      { lang: chosenLanguage() === 'zh' ? 'zh-CN' : 'en' },
      head(several ? say`${runs.length} sales compared` : say`Sale ${only.sale}`, scripts, styles),
      el(
        'body',
        {},
        el('a', { class: 'skip', href: '#main' }, say`Skip to the details`),
        el('header', {}, ...(several ? overview(runs) : opening(only, { id: 'top', level: 1 }))),
        el(
          'main',
          { id: 'main', tabindex: -1 },
          several ? comparedSection(runs, top) : null,
          comparison === null ? null : baselineSection(comparison, only, top),
          el('noscript', {}, el('p', {}, say`Charts need JavaScript; their numbers stand below each of them.`)),
          ...runs.map((run, i) => details(run, places[i] as Place, several)),
        ),
        el(
          'footer',
          {},
          el('p', {}, say`Written by seckill. This file holds everything it shows, and fetches nothing.`),
        ),
        el('script', { type: 'application/json', id: 'chart-data' }, json(charts)),
        ...scripts.map((script) => el('script', {}, new Html(script))),
      ),
    ).text
  }\n`
}

/** What tells a page of ours from others. */
export const GENERATOR = 'seckill'

const head = (title: string, scripts: readonly string[], styles: readonly string[]): Html =>
  el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'generator', content: GENERATOR }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: policy(scripts, styles) }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'referrer', content: 'no-referrer' }),
    el('title', {}, `${title} · seckill`),
    ...styles.map((style) => el('style', {}, new Html(style))),
  )

/** Only what lies in this page may run or style it; nothing may be loaded or sent. */
const policy = (scripts: readonly string[], styles: readonly string[]): string => {
  const hashes = (texts: readonly string[]) =>
    texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')
  return `default-src 'none'; script-src ${hashes(scripts)}; style-src ${hashes(styles)}; base-uri 'none'; form-action 'none'`
}

const overview = (runs: readonly RunSummary[]): Html[] => [
  el('h1', { id: 'top' }, say`${runs.length} sales compared`),
  el(
    'ul',
    { class: 'keys' },
    ...runs.map((run, i) =>
      el('li', {}, badge(run.audit?.verdict ?? 'none'), ' ', el('a', { href: `#run${i + 1}` }, run.target)),
    ),
  ),
]

const details = (run: RunSummary, place: Place, several: boolean): Child => {
  const sections = [
    verdictSection(run.audit, place),
    loadSection(run, place),
    latencySection(run, place),
    decisionsSection(run, place),
    fairnessSection(run, place),
    rulesSection(run.audit, place),
    raceSection(run.race, place),
    generatorSection(run, place),
    environmentSection(run, place),
  ]
  if (!several) return sections
  return el('section', { 'aria-labelledby': place.id }, ...opening(run, { id: place.id, level: 2 }), ...sections)
}
