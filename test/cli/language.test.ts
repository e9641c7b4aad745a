import { describe, expect, it } from 'vitest'
import { seckill } from '../helpers/cli.js'

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
