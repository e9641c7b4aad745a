import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

// @ts-expect-error: a script of the repository, without types
const { findBrowser } = (await import('../../scripts/browser.mjs')) as { findBrowser(): string | undefined }

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** A headless Chromium with a profile of its own; whoever opens it closes it. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome: npm test gets one, or set CHROME_PATH')
  return chromium.launch({ executablePath, args: FLAGS })
}

/** A page as a test sees it: what it said on the console, threw, and asked of the network. */
export interface SeenPage {
  readonly page: Page
  readonly troubles: string[]
}

/** Opens a file; closed after the test. */
export const openFile = async (browser: Browser, path: string, options: BrowserContextOptions): Promise<SeenPage> => {
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => troubles.push(`thrown: ${error.message}`))
  page.on('request', (request) => {
    if (request.url() !== `file://${path}`) troubles.push(`asked for ${request.url()}`)
  })
  await page.goto(`file://${path}`)
  await page.waitForSelector('html[data-charts=drawn]')
  return { page, troubles }
}
