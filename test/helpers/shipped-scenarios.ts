import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSaleFile } from '../../src/sale-file/load.js'
import { shopCommand } from './foreign-shops.js'

export const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url))

/** Each before its variants. */
export const scenarioFiles = (): string[] => {
  const names = readdirSync(SCENARIOS).map((file) => basename(file, '.yaml'))
  return names.sort().map((name) => `${name}.yaml`)
}

const NAIVE = /-naive$/

/** What a scenario is run with, beside the file: the shop that it is for, where the package does not bring it. */
export const envOf = (file: string, folder: string, { naive = NAIVE.test(basename(file, '.yaml')) } = {}) => {
  const name = basename(file, '.yaml').replace(NAIVE, '')
  // Of hm-dianping: the table of orders.
  const orders = join(folder, 'orders.csv')
  return { SHOP: shopCommand(`${name}.mjs`, naive ? 'naive' : 'script'), ORDERS: `cat ${orders}`, ORDERS_FILE: orders }
}

/** The table of docs/scenarios.md: each scenario with its first comment and what it expects. */
export const scenarioTable = async (): Promise<string> => {
  const rows = scenarioFiles().map(async (file) => {
    const path = join(SCENARIOS, file)
    const [, about = ''] = /^# (?!yaml-language-server)(.*?)[:.]?$/m.exec(readFileSync(path, 'utf8')) ?? []
    const expected = (await loadSaleFile({ cwd: SCENARIOS, env: {}, path }))?.expect ?? 'pass'
    const has = typeof expected === 'string' ? expected : `fail: ${expected.map((id) => `\`${id}\``).join(', ')}`
    return `| \`${basename(file, '.yaml')}\` | ${about} | ${has} |`
  })
  return ['| scenario | sale | has to |', '| --- | --- | --- |', ...(await Promise.all(rows))].join('\n')
}
