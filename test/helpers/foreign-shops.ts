import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A shop of test/fixtures/shops, started by a shell command that holds `{port}`. */
export interface ForeignShop {
  readonly name: string
  /** Null where its toolchain is not on this machine. */
  command(mode: string): string | null
  /** A mode that has no race. */
  readonly correct: string
  /** JSON that it takes in place of a form. */
  readonly jsonBody?: string
}

const fixture = (file: string): string => fileURLToPath(new URL(`../fixtures/shops/${file}`, import.meta.url))

const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0

const shop = (name: string, file: string, correct: string, program: string | undefined, jsonBody?: string) => ({
  ...{ name, correct, ...(jsonBody && { jsonBody }) },
  command: (mode: string) => (program === undefined ? null : `'${program}' '${fixture(file)}' {port} ${mode}`),
})

const python = (code: string): string | undefined =>
  ['python3', '/usr/bin/python3'].find((program) => runs(program, '-c', code))

/** Every ecosystem; each shop has a mode `naive`. */
export const foreignShops = (): ForeignShop[] => [
  shop('Python, standard library', 'shop.py', 'script', python('')),
  shop('Flask, redis-py', 'flask_redis.py', 'watch', python('import flask, redis')),
  shop(
    'Fastify, ioredis',
    'fastify-ioredis.mjs',
    'script',
    process.execPath,
    '{"user":"{{user}}","units":"{{quantity}}"}',
  ),
  shop('Express, node-redis', 'express-redis.mjs', 'watch', process.execPath),
  shop('Java', 'Shop.java', 'script', runs('java', '--version') ? 'java' : undefined),
]

/** The command of a shop in Node. */
export const shopCommand = (file: string, mode: string): string =>
  `'${process.execPath}' '${fixture(file)}' {port} ${mode}`

/** A shop that cannot be explored, or needs a second look. */
export const oddShop = (mode: string): string => shopCommand('odd.mjs', mode)

/** What the fixtures answer. */
export const OUTCOME_RULES = [
  'sold=json:$.result=sold',
  'sold_out=json:$.result=none',
  'already_bought=json:$.result=again',
]
