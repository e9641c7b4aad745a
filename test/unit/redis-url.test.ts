import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { resolveRedis } from '../../src/redis/resolve.js'
import {
  describeRedis,
  hostsOf,
  isLoopback,
  maskUrl,
  parseRedisUrl,
  type RedisTarget,
  toRedisUrl,
} from '../../src/redis/url.js'
import { fc } from '../helpers/fc.js'

const access = { db: 0, username: undefined, password: undefined, tls: false }
const tcp = { kind: 'tcp', host: 'h', port: 6379, ...access }

const failure = (text: string): SeckillError => {
  try {
    parseRedisUrl(text)
  } catch (error) {
    if (error instanceof SeckillError) return error
  }
  throw new Error(`accepted: ${text}`)
}

describe('parseRedisUrl', () => {
  it.each<[string, object]>([
    ['redis://h', tcp],
    ['redis://h/', tcp],
    ['REDIS://h', tcp],
    ['h', tcp],
    ['h:7000', { ...tcp, port: 7000 }],
    ['redis://h/2', { ...tcp, db: 2 }],
    ['redis://h?db=2', { ...tcp, db: 2 }],
    ['redis://h:6380/3?protocol=3#x', { ...tcp, port: 6380, db: 3 }],
    ['h/2', { ...tcp, db: 2 }],
    ['redis://:pw@h', { ...tcp, password: 'pw' }],
    ['redis://pw@h', { ...tcp, password: 'pw' }],
    ['redis://user:p%40ss@h', { ...tcp, username: 'user', password: 'p@ss' }],
    ['redis://user:p@s:s@h', { ...tcp, username: 'user', password: 'p@s:s' }],
    ['redis://user:@h', { ...tcp, username: 'user' }],
    ['redis://[::1]', { ...tcp, host: '::1' }],
    ['[::1]:7000/1', { ...tcp, host: '::1', port: 7000, db: 1 }],
    ['rediss://h', { ...tcp, tls: true }],
    ['valkey://h', tcp],
    ['valkeys://h', { ...tcp, tls: true }],
    ['unix:///tmp/x.sock', { kind: 'unix', path: '/tmp/x.sock', ...access }],
    ['unix:///tmp/a%20b@c/sock?db=2', { kind: 'unix', path: '/tmp/a b@c/sock', ...access, db: 2 }],
    ['unix://user:pw@/x', { kind: 'unix', path: '/x', ...access, username: 'user', password: 'pw' }],
    [
      'redis+sentinel://u:p@h1:26379,h2/mymaster/1',
      {
        kind: 'sentinel',
        masterName: 'mymaster',
        nodes: [
          { host: 'h1', port: 26379 },
          { host: 'h2', port: 26379 },
        ],
        ...access,
        username: 'u',
        password: 'p',
        db: 1,
      },
    ],
    [
      'rediss+sentinel://h1/m?db=4',
      { kind: 'sentinel', masterName: 'm', nodes: [{ host: 'h1', port: 26379 }], ...access, db: 4, tls: true },
    ],
    [
      'redis+cluster://h1:7000,[::1]:7001',
      {
        kind: 'cluster',
        nodes: [
          { host: 'h1', port: 7000 },
          { host: '::1', port: 7001 },
        ],
        ...access,
      },
    ],
  ])('%s', (text, target) => {
    expect(parseRedisUrl(text)).toEqual(target)
  })

  it('takes REDISCLI_AUTH only where the URL has no password', () => {
    const env = { REDISCLI_AUTH: 'from-env' }
    expect(parseRedisUrl('redis://h', env).password).toBe('from-env')
    expect(parseRedisUrl('redis://user:@h', env)).toMatchObject({ username: 'user', password: 'from-env' })
    expect(parseRedisUrl('redis://:own@h', env).password).toBe('own')
    expect(parseRedisUrl('redis://h', { REDISCLI_AUTH: '' }).password).toBeUndefined()
  })

  it.each<[string, RegExp]>([
    ['', /\(empty\)/],
    ['redis://', /no host/],
    ['redis:///2', /no host/],
    ['/tmp/x.sock', /no host/],
    ['http://h', /unknown scheme/],
    ['redis+unix://h', /unknown scheme/],
    ['redis://h:0', /1 to 65535/],
    ['redis://h:65536', /1 to 65535/],
    ['redis://h:port', /host:port/],
    ['redis://h:', /host:port/],
    ['redis://::1', /\[IPv6\]/],
    ['redis://[zz]', /\[IPv6\]/],
    ['redis://[1:2]', /\[IPv6\]/],
    ['redis://h one', /host:port/],
    ['redis://h/x', /whole number/],
    ['redis://h?db=-1', /whole number/],
    ['redis://h/1/2', /too long/],
    ['redis://h1,h2', /redis\+sentinel/],
    ['redis+sentinel://h1', /master/],
    ['redis+sentinel://h1/m/x', /whole number/],
    ['redis+cluster://h1/1', /database 0 only/],
    ['unix://tmp/x.sock', /absolute path/],
    ['unix://', /absolute path/],
    ['redis://:50%@h', /encodes nothing/],
  ])('refuses %s', (text, message) => {
    const error = failure(text)
    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
    expect(`${error.message} ${error.hint}`).not.toContain('\n')
    expect(error.hint).toBeTruthy()
  })

  it.each([
    'redis://:Sesame@',
    'redis://:Sesame',
    'redis://user:Sesame',
    'redis://user:Sesame@h:port',
    'redis://user:Sesame@h/x',
    'redis://user:Ses/Sesame@h',
    'redis://Ses/Sesame@h',
    'redis://user:Ses?Sesame@h',
    'redis://user:Ses#Sesame@h',
    'redis://user:%Sesame@h',
    'redis://h/x?password=Sesame',
    'redis://:Ses,Sesame',
    'redis+sentinel://Ses/Sesame@h/0',
    'redis+sentinel://u:Sesame@h',
    'unix://u:Ses/Sesame@/x',
    'unix://u:Sesame@tmp',
    'http://u:Sesame@h',
    'u:Sesame@h:port',
  ])('never echoes the password of %s', (text) => {
    const { message, hint } = failure(text)
    expect(message + hint).not.toMatch(/Ses/)
    expect(maskUrl(text)).not.toMatch(/Ses/)
  })
})

describe('describeRedis, hostsOf, isLoopback', () => {
  it.each<[string, string, string[], boolean]>([
    ['redis://u:pw@127.0.0.1', '127.0.0.1:6379/0', ['127.0.0.1'], true],
    ['redis://127.8.9.1/2', '127.8.9.1:6379/2', ['127.8.9.1'], true],
    ['rediss://LocalHost:1', 'LocalHost:1/0', ['LocalHost'], true],
    ['redis://[::1]:6380', '[::1]:6380/0', ['::1'], true],
    ['redis://[0:0:0:0:0:0:0:1]', '[0:0:0:0:0:0:0:1]:6379/0', ['0:0:0:0:0:0:0:1'], true],
    ['redis://[::ffff:127.0.0.1]', '[::ffff:127.0.0.1]:6379/0', ['::ffff:127.0.0.1'], true],
    ['redis://128.0.0.1', '128.0.0.1:6379/0', ['128.0.0.1'], false],
    ['redis://127.0.0.1.example.com', '127.0.0.1.example.com:6379/0', ['127.0.0.1.example.com'], false],
    ['redis://0.0.0.0', '0.0.0.0:6379/0', ['0.0.0.0'], false],
    ['redis://[::2]', '[::2]:6379/0', ['::2'], false],
    ['unix://:pw@/tmp/x.sock?db=1', 'unix /tmp/x.sock/1', [], true],
    ['redis+sentinel://:pw@h1,h2/m', 'sentinel m@h1:26379,h2:26379/0', ['h1', 'h2'], false],
    ['redis+cluster://:pw@localhost:1,h2:2', 'cluster localhost:1,h2:2', ['localhost', 'h2'], false],
  ])('%s', (text, description, hosts, loopback) => {
    const target = parseRedisUrl(text)
    expect(describeRedis(target)).toBe(description)
    expect(hostsOf(target)).toEqual(hosts)
    expect(isLoopback(target)).toBe(loopback)
  })
})

const special = fc.string({ unit: fc.constantFrom(...'@:/?#%[],+& 4é'), minLength: 1 })
const anyText = fc.oneof(special, fc.string({ unit: 'binary', minLength: 1 }))
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const anyNode = fc.record({
  host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
  port: fc.integer({ min: 1, max: 65_535 }),
})
const anyNodes = fc.array(anyNode, { minLength: 1, maxLength: 4 })
const anyAccess = fc.record({
  db: fc.nat(),
  username: optional(anyText),
  password: optional(anyText),
  tls: fc.boolean(),
})
const db = fc.nat(999_999_999)
const anyTarget: fc.Arbitrary<RedisTarget> = fc.oneof(
  fc.tuple(anyNode, anyAccess, db).map(([node, rest, db]) => ({ kind: 'tcp' as const, ...node, ...rest, db })),
  fc
    .tuple(anyText, anyAccess, db)
    .map(([path, rest, db]) => ({ kind: 'unix' as const, path: `/${path}`, ...rest, db, tls: false })),
  fc
    .tuple(anyText, anyNodes, anyAccess, db)
    .map(([masterName, nodes, rest, db]) => ({ kind: 'sentinel' as const, masterName, nodes, ...rest, db })),
  fc.tuple(anyNodes, anyAccess).map(([nodes, rest]) => ({ kind: 'cluster' as const, nodes, ...rest, db: 0 })),
)

describe('properties', () => {
  it('every target survives toRedisUrl and parseRedisUrl', () => {
    fc.assert(
      fc.property(anyTarget, (target) => {
        expect(parseRedisUrl(toRedisUrl(target))).toEqual(target)
      }),
    )
  })

  it('masks and descriptions are the same whatever user and password are', () => {
    fc.assert(
      fc.property(anyTarget, anyText, anyText, (target, username, password) => {
        const other = { ...target, username: 'u', password: 'p' }
        const secret = { ...target, username, password }
        expect(maskUrl(toRedisUrl(secret))).toBe(maskUrl(toRedisUrl(other)))
        expect(describeRedis(secret)).toBe(describeRedis(other))
      }),
    )
  })

  it('a password that was not encoded is never shown, whether the URL parses or not', () => {
    const raw = fc.string({ unit: fc.constantFrom(...'@:/?#%,[]S') }).map((text) => `Sesame${text}Sesame`)
    const prefix = fc.constantFrom('redis://', 'redis+sentinel://', 'unix://', 'nope://', '')
    const suffix = fc.constantFrom('h', 'h/x', '/tmp/x', '[::1]:x', 'h1,h2/m')
    fc.assert(
      fc.property(prefix, raw, suffix, (scheme, password, rest) => {
        const text = `${scheme}u:${password}@${rest}`
        let shown = maskUrl(text)
        try {
          shown += describeRedis(parseRedisUrl(text))
        } catch (error) {
          shown += (error as SeckillError).message + (error as SeckillError).hint
        }
        expect(shown).not.toContain('Sesame')
      }),
    )
  })
})

describe('resolveRedis', () => {
  const env = { SECKILL_REDIS: 'redis://s', REDIS_URL: 'redis://r', VALKEY_URL: 'valkey://v', REDISCLI_AUTH: 'pw' }
  const folderServerUrl = 'redis://127.0.0.1:7777'

  it('goes from the flag to the default, an empty variable counting as none', () => {
    const all = { flag: 'redis://f', env, folderServerUrl }
    expect(resolveRedis(all)).toMatchObject({
      text: 'redis://f',
      source: '--redis',
      target: { host: 'f', password: 'pw' },
    })
    expect(resolveRedis({ ...all, flag: undefined })).toMatchObject({ text: 'redis://s', source: 'SECKILL_REDIS' })
    expect(resolveRedis({ env: { ...env, SECKILL_REDIS: '' }, folderServerUrl })).toMatchObject({
      text: 'redis://r',
      source: 'REDIS_URL',
    })
    expect(resolveRedis({ env: { VALKEY_URL: 'valkey://v' }, folderServerUrl })).toMatchObject({
      text: 'valkey://v',
      source: 'VALKEY_URL',
    })
    expect(resolveRedis({ env: {}, folderServerUrl })).toMatchObject({
      text: folderServerUrl,
      source: 'seckill redis start',
    })
    expect(resolveRedis({ env: {}, folderServerUrl: null })).toMatchObject({
      text: 'redis://127.0.0.1:6379',
      source: 'default',
    })
  })

  it("keeps REDISCLI_AUTH from this folder's own server, which has no password", () => {
    expect(resolveRedis({ env: { REDISCLI_AUTH: 'pw' }, folderServerUrl }).target.password).toBeUndefined()
    expect(resolveRedis({ env: { REDISCLI_AUTH: 'pw' } }).target.password).toBe('pw')
  })

  it('names the source of a URL it cannot read', () => {
    expect(() => resolveRedis({ env: { REDIS_URL: 'redis://:Sesame@h/x' } })).toThrow(
      'REDIS_URL: not a Redis URL: redis://***@h/x (the database must be a whole number)',
    )
  })
})
