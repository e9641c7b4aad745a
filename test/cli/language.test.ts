import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seckill, testFolder } from '../helpers/cli.js'
import { testRedisUrl } from '../helpers/redis.js'

const zh = { LANG: 'zh_CN.UTF-8' }

describe('the language of a call', () => {
  it.each([
    [['--lang', 'zh', 'audt'], {}, '错误：没有命令 audt（是不是 audit？）；见 --help\n'],
    [['audit', '--lang=zh', '--nope'], {}, '错误：没有选项 --nope；见 --help\n'],
    [['audit', '--nope'], zh, '错误：没有选项 --nope；见 --help\n'],
    [['audit', '--nope'], { SECKILL_LANG: 'zh' }, '错误：没有选项 --nope；见 --help\n'],
    [['audit', '--nope'], { ...zh, SECKILL_LANG: 'en' }, "error: unknown option '--nope'; see --help\n"],
    [['audit', '--nope', '--lang', 'en'], zh, "error: unknown option '--nope'; see --help\n"],
    [['audit', '--nope'], { ...zh, LC_ALL: 'C' }, "error: unknown option '--nope'; see --help\n"],
    [['audit', '--lang', 'fr'], {}, 'error: --lang: no language "fr"; one of: en, zh\n'],
    [['audit', '--lang', 'fr'], zh, '错误：--lang：不认识语言 "fr"；可选：en、zh\n'],
    [['audit'], { SECKILL_LANG: 'fr' }, 'error: SECKILL_LANG: no language "fr"; one of: en, zh\n'],
    [['audit', '--lang'], {}, "error: option '--lang <en|zh>' argument missing; see --help\n"],
    [['blast', 'a', 'b', '--lang', 'zh'], {}, '错误：命令 blast 的参数太多：应有 1 个，给了 2 个；见 --help\n'],
    [['--lang', 'zh'], {}, '错误：没有给出命令；见 --help\n'],
    [
      ['blast', '--users', 'x', '--lang', 'zh'],
      {},
      '错误：选项 --users <n> 的值 x 无效：必须是 1 到 1000000000 之间的整数；见 --help\n',
    ],
  ])('%j with %j', async (args, env, stderr) =>
    expect(await seckill(args, { env })).toMatchObject({ code: 2, stdout: '', stderr }),
  )

  it('never changes what a script reads of an error but its words', async () => {
    const { code, stdout } = await seckill(['audit', '--nope', '--json'], { env: zh })
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: 'audit',
      error: { code: 'usage', message: '没有选项 --nope', hint: '见 --help' },
      exitCode: 2,
    })
  })
})

describe('an error of each room in Chinese', () => {
  it.each([
    [
      'redis',
      'status --redis redis://h:99999',
      2,
      '--redis：不是 Redis URL：redis://h:99999（端口须在 1 到 65535 之间）；',
    ],
    [
      'sale',
      'blast --usernames rand',
      2,
      '没有用户名类型 "rand"；是不是 random？；可选：random、sequential、zh、template:… 或 @file.csv',
    ],
    ['sale-file', 'status --file bad.yaml', 2, 'bad.yaml:2:3 sale：未知的键 "stok"；是不是 stock？'],
    ['strategies', 'race --strategy nope', 2, '没有策略 "nope"；可选：list-basic、list-naive、'],
    ['race', 'race --strategy list-lua --users 9', 2, '不能让 9 这些用户竞争；可以是 1 到 5 个，'],
    ['history', 'report bad.yaml', 2, '不是运行日志，或者第一行不完整；运行日志在 .seckill/runs 里'],
    [
      'store',
      'audit --run none --layout list --stock 5 --stock-key zh:stock --records-key zh:users --orders none.csv',
      2,
      '无法读取 none.csv 里的订单：没有这个文件；请检查路径',
    ],
  ])('%s: %s', async (_, line, code, text) => {
    writeFileSync(join(testFolder(), 'bad.yaml'), 'sale:\n  stok: { key: a }\n')
    const result = await seckill(line.split(' '), { env: { ...zh, SECKILL_REDIS: testRedisUrl() } })
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })

  it('server: a port in use', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    onTestFinished(() => void squatter.close())
    const { port } = squatter.address() as { port: number }
    const { code, stderr } = await seckill(['serve', '--port', String(port)], {
      env: { ...zh, SECKILL_REDIS: testRedisUrl() },
    })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`端口 ${port} 已被占用；请停掉占用它的程序`),
    })
  })

  it('a timeline keeps its columns, and its words are Chinese', async () => {
    const race = 'race --strategy list-naive --users 2 --stock 3 --quantity 2,2'.split(' ')
    const { code, stdout } = await seckill(race, { env: zh })
    expect(code).toBe(10)
    expect(stdout).toContain('     alice：2 件               bob：2 件                库存\n')
    expect(stdout).toContain('告知：sold 已抢到')
    expect(stdout).toMatch(/重放（1 次抢占）：seckill race --strategy list-naive .* --replay \d+/)
  })
})
