import { describe, expect, it } from 'vitest'
import { compilePoll, compileTicket, POLL_DEFAULTS } from '../../src/load/poll.js'
import { compileRedisPoll } from '../../src/load/redis-poll.js'

const FIELDS = { captured: ['ticket'], columns: { 'first name': ['Ann Lee'] } }
const shot = { userIndex: 0, copy: 0, quantity: 2, user: 'o"dd na\'me', captured: { ticket: 'a b "c" \\d {{user}}\n' } }
const written = (request: string) => {
  const { name, argsOf } = compileRedisPoll(request, FIELDS)
  return [name, ...argsOf(shot)]
}

describe('a poll that reads Redis', () => {
  it.each([
    ['redis:GET order:{{ticket}}', ['GET', `order:${shot.captured.ticket}`]],
    [' Redis:hget orders {{ticket}} ', ['HGET', 'orders', shot.captured.ticket]],
    ['redis:HGET order:{{ ticket }} state', ['HGET', `order:${shot.captured.ticket}`, 'state']],
    ['redis:EXISTS a:{{user}} b:{{user}}', ['EXISTS', `a:${shot.user}`, `b:${shot.user}`]],
    ['redis:SISMEMBER buyers "{{user}}"', ['SISMEMBER', 'buyers', shot.user]],
    ["redis:HGET \"two words\" 'it\\'s'", ['HGET', 'two words', "it's"]],
    ['redis:HGET "a\\n\\x41\\"\\\\" {o}:{{{quantity}}}', ['HGET', 'a\nA"\\', '{o}:{2}']],
    ['redis:HGET "" \'\'', ['HGET', '', '']],
    ['redis:GET u:{{first name}}:"x y"z', ['GET', 'u:Ann Lee:x yz']],
    ['redis:LRANGE 订单:{{index}} 0 -1', ['LRANGE', '订单:0', '0', '-1']],
    ['redis:JSON.GET order:{{ticket}} $.state', ['JSON.GET', `order:${shot.captured.ticket}`, '$.state']],
  ])('%s', (request, words) => expect(written(request)).toEqual(words))

  it.each([
    ['redis:', /no command/],
    ['redis:SET a 1', /SET is none of the commands that only read/],
    ['redis:getdel a', /getdel is none of the commands/],
    ['redis:EVAL "return 1" 0', /EVAL is none/],
    ['redis:BLPOP a 0', /BLPOP is none/],
    ['redis:KEYS *', /KEYS is none/],
    ['redis:{{user}} a', /\{\{user\}\} is none/],
    ['redis:constructor a', /constructor is none/],
    ['redis:GET', /GET takes 1 argument, not 0/],
    ['redis:GET a b', /GET takes 1 argument, not 2/],
    ['redis:HGET orders', /HGET takes 2 arguments, not 1/],
    ['redis:HMGET orders', /HMGET takes 2 arguments or more, not 1/],
    ['redis:GET "a', /a quote that does not end/],
    ["redis:GET a'b", /a quote that does not end/],
    ['redis:GET {{tickte}}', /unknown placeholder \{\{tickte\}\} in --poll; did you mean ticket\?/],
  ])('%s is refused', (request, saying) => expect(() => compileRedisPoll(request, FIELDS)).toThrow(saying))

  it('carries no form, JSON or headers, and needs a ticket only where it names one', () => {
    const compile = (poll: object) => compilePoll({ request: 'redis:GET a', ...poll }, { url: 'http://127.0.0.1/' }, {})
    expect(compile({}).kind).toBe('redis')
    for (const poll of [{ form: {} }, { json: null }, { headers: {} }])
      expect(() => compile(poll)).toThrow(/no form, JSON or headers/)
    const spec = { ...POLL_DEFAULTS, outcomes: [] }
    expect(compileTicket({ ...spec, request: 'redis:GET {{user}}' })).toBeNull()
    expect(compileTicket({ ...spec, request: 'redis:GET "o {{ticket}}"' })).not.toBeNull()
  })
})
