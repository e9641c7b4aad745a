import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openFile } from '../helpers/browser.js'
import { on, seckill } from '../helpers/cli.js'

const EVIL = '<script>alert(1)</script>'
const HOSTILE = [EVIL, '</script><img src=x onerror=alert(1)>', '"onload="alert(1)', EVIL]
const USERS = Array.from({ length: 40 }, (_, i) => `${HOSTILE[i % HOSTILE.length]} ${i}`)

let browser: Browser
let folder: string
const file = (name: string) => join(folder, name)

const call = async (args: readonly string[], expected = 0) => {
  const { code, stdout, stderr } = await seckill(args, { cwd: folder })
  expect(code, stdout + stderr).toBe(expected)
  return stdout
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seckill-report-'))
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A sale that oversells to users with hostile names, and one that does not; judged and raced. */
it('makes the sales that the others look at', async () => {
  writeFileSync(file('users.csv'), `user\n${USERS.map((name) => `"${name.replaceAll('"', '""')}"`).join('\n')}\n`)
  const sale = on(`t-${randomBytes(6).toString('hex')}`)
  const fire = (strategy: string) =>
    `simulate --strategy ${strategy} --stock 5 --users 40 --concurrency 40 --quantity 1 --usernames @users.csv --seed 3`.split(
      ' ',
    )
  await call([...fire('counter-naive'), ...sale, '--out', 'bad.run'])
  await call(['audit', ...sale, '--run', 'bad.run'], 10)
  await call(['race', '--strategy', 'counter-naive', '--users', '2', '--stock', '1', '--quantity', '1'], 10)
  await call([...fire('counter-lua'), ...sale, '--out', 'good.run'])
  await call(['audit', ...sale, '--run', 'good.run'])
  await call(['report', 'bad.run', '--out', 'bad.html'])
  await call(['--lang', 'zh', 'report', 'good.run', '--out', 'zh.html'])
  await call(['report', 'bad.run', 'good.run', '--out', 'both.html'])
})

/** How many different colours each chart shows. */
const inks = (page: Page): Promise<number[]> =>
  page.$$eval('canvas', (all) =>
    (
      all as unknown as {
        width: number
        height: number
        getContext(of: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } }
      }[]
    ).map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    }),
  )

const sizes = [
  ['a desk', 1200],
  ['a phone', 360],
] as const

describe.each(['bad', 'zh', 'both'])('%s.html', (name) => {
  it.each(sizes)('on %s: charts are drawn, nothing scrolls sideways, nothing goes wrong', async (_, width) => {
    const { page, troubles } = await openFile(browser, file(`${name}.html`), { viewport: { width, height: 800 } })
    const drawn = await inks(page)
    expect(drawn.length).toBeGreaterThanOrEqual(name === 'both' ? 8 : 4)
    expect(Math.min(...drawn)).toBeGreaterThan(4)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expect(troubles).toEqual([])
  })
})

it('is dark where the system is, charts too, and changes with it', async () => {
  const { page } = await openFile(browser, file('bad.html'), { colorScheme: 'light' })
  const look = async () => ({
    ground: await page.evaluate('getComputedStyle(document.body).backgroundColor'),
    chart: await page.$eval('canvas', (canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL()),
  })
  const light = await look()
  await page.emulateMedia({ colorScheme: 'dark' })
  // The page is told of the change, and draws then.
  await expect.poll(async () => (await look()).chart, { timeout: 10_000 }).not.toBe(light.chart)
  const dark = await look()
  expect([light.ground, dark.ground]).toEqual(['rgb(246, 247, 249)', 'rgb(16, 21, 28)'])
})

it('opens with the sentence, and shows hostile names as text', async () => {
  const { page, troubles } = await openFile(browser, file('bad.html'), {})
  expect(await page.textContent('h1')).toMatch(
    /^5 units; \d+ people were told they won; \d+ to apologise to: .*left in stock\.$/,
  )
  expect(await page.textContent('main')).toContain(EVIL)
  expect(await page.$$eval('img', (all) => all.length)).toBe(0)
  const html = readFileSync(file('bad.html'), 'utf8').replaceAll('&#39;', "'")
  expect(html.match(/<script/g)).toHaveLength(3)
  expect(html).toMatch(/default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+'; style-src 'sha256-/)
  expect(html).not.toMatch(/ (src|href)="(?!#)/)
  expect(troubles).toEqual([])
})

it('can be walked through with the keyboard and by its headings', async () => {
  const { page } = await openFile(browser, file('bad.html'), {})
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the details')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.parentElement.open')).toBe(true)
  const levels = await page.$$eval('h1, h2, h3, h4', (all) => all.map(({ tagName }) => Number(tagName[1])))
  expect(levels[0]).toBe(1)
  expect(levels.every((level, i) => i === 0 || level <= (levels[i - 1] as number) + 1)).toBe(true)
  expect(await page.$$eval('th:not([scope]):not(.u-legend th)', (all) => all.length)).toBe(0)
  expect(await page.$$eval('.chart:not([role=img][aria-label])', (all) => all.length)).toBe(0)
  const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id))
  expect(ids).toHaveLength(new Set(ids).size)
  expect(await page.$$eval('.lanes tbody tr', (all) => all.length)).toBeGreaterThan(2)
})

it('speaks Chinese', async () => {
  const { page } = await openFile(browser, file('zh.html'), {})
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
  expect(await page.textContent('h1')).toBe('5 件；5 人被告知已抢到；每个人都有记录；库存剩 0 件。')
  expect(
    await page.$$eval('h2', (all) => all.filter(({ textContent }) => !/\p{Script=Han}/u.test(textContent ?? ''))),
  ).toEqual([])
})
