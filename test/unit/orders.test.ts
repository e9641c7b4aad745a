import { expect, it } from 'vitest'
import type { RecordsPlace } from '../../src/sale/layout.js'
import { maskSecrets } from '../../src/sale/mask-secrets.js'
import { openOrders } from '../../src/store/orders/open.js'
import { readOrders } from '../../src/store/orders/read.js'
import { textOf } from '../../src/store/orders/text.js'

async function* chunksOf(text: string, size: number) {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size)
}

const read = async (text: string, wish: Partial<RecordsPlace> = {}, size = 1_000) => {
  const place: RecordsPlace = { type: 'file', key: 'o.csv', user: null, quantity: null, ...wish }
  const source = await readOrders(chunksOf(text, size), place, { fold: [] }, 'o.csv')
  return { ...source, orders: source?.users.map((user, i) => [user, source.quantities[i]]) ?? null }
}

it.each<[string, string, Partial<RecordsPlace>, [string, number][] | null]>([
  [
    'a header with usual names',
    'id,User_ID,qty\n1,ann,2\n2,bob,1\n',
    {},
    [
      ['ann', 2],
      ['bob', 1],
    ],
  ],
  ['a header without units', 'created,buyer\n9,ann\n', {}, [['ann', 1]]],
  [
    'no header',
    'ann,2\nbob,1',
    {},
    [
      ['ann', 2],
      ['bob', 1],
    ],
  ],
  [
    'one column',
    'ann\nbob\n',
    {},
    [
      ['ann', 1],
      ['bob', 1],
    ],
  ],
  ['columns as told', 'kunde,menge\nann,2\n', { user: 'kunde', quantity: 'menge' }, [['ann', 2]]],
  ['quotes', '"user","qty"\r\n"a ""x"", b\nc",2\r\n', {}, [['a "x", b\nc', 2]]],
  ['a byte order mark and empty lines', '\ufeffuser\n\nann\n\n', {}, [['ann', 1]]],
  [
    'NDJSON',
    '{"userId":7,"quantity":2}\n{"userId":"bob","quantity":"1"}\n',
    {},
    [
      ['7', 2],
      ['bob', 1],
    ],
  ],
  [
    'NDJSON with ids above 2^53',
    '{"userId":1729382256910270465}\n{"userId": 1729382256910270466 }\n',
    {},
    [
      ['1729382256910270465', 1],
      ['1729382256910270466', 1],
    ],
  ],
  ['NDJSON with paths', '{"o":{"u":"ann","n":2}}\n', { user: '$.o.u', quantity: '$.o.n' }, [['ann', 2]]],
  [
    'semicolons',
    'user_id;qty\nann;2\n"b;c";1\n',
    {},
    [
      ['ann', 2],
      ['b;c', 1],
    ],
  ],
  ['tabs', 'user\tqty\nann\t2\n', {}, [['ann', 2]]],
  ['semicolons without a header', 'ann;2\n', {}, [['ann', 2]]],
  ['a buyer and an amount', 'buyer_no,amount\n7,2\n', {}, [['7', 2]]],
  ['Chinese names', '姓名,数量\n王芳,2\n', {}, [['王芳', 2]]],
  [
    'decimals and blanks',
    'user, qty\nann, 1.00 \nbob,2\n',
    {},
    [
      ['ann', 1],
      ['bob', 2],
    ],
  ],
  ['a name in brackets', '[VIP] ann,2\n', {}, [['[VIP] ann', 2]]],
  ['nothing', '', {}, null],
  ['empty lines alone', '\n \n', {}, null],
  ['a header alone', 'user,qty\n', {}, []],
])('reads %s, however it is cut', async (_what, text, place, orders) => {
  for (const size of [1, 2, 3, 7, 1_000]) expect((await read(text, place, size)).orders).toEqual(orders)
})

it('keeps and shows what is no number', async () => {
  const { unreadable = [], unreadableCount, quantities = [] } = await read('user,qty\nann,two\nbob,1\neve,1.5\n')
  expect(unreadable.map(({ user, raw }) => [user, raw])).toEqual([
    ['ann', 'two'],
    ['eve', '1.5'],
  ])
  expect(unreadableCount).toBe(2)
  expect([...Array.from(quantities)]).toEqual([Number.NaN, 1, Number.NaN])
})

it.each<[string, string, Partial<RecordsPlace>, string | RegExp]>([
  ['a ragged row', 'user,qty\nann,1\n"b\nc",1\neve,1,9\n', {}, 'o.csv:5: 3 columns, where the first line has 2'],
  ['a stray quote', 'user\nann\na"b\n', {}, /^o\.csv:3: a quote that never ends/],
  ['quotes in the middle', 'user\nann\na"b"\n', {}, 'o.csv:3: stray quotes: a"b"'],
  ['an open quote', 'user\n"ann\nbob\n', {}, 'o.csv:2: a quote that never ends'],
  ['a record without end', `user\n"${'x'.repeat(1_100_000)}`, {}, /^o\.csv:2: a record of more than/],
  ['no such column', 'a,b\n1,2\n', { user: 'c' }, 'o.csv:1: no column c among a, b'],
  ['an unknown header', 'wer,wieviel\nann,2\n', {}, /^o\.csv:1: neither an order .*: wer,wieviel/],
  ['two separators', 'ann;1,00\n', {}, /^o\.csv:1: neither an order/],
  ['bars', 'user|qty\nann|2\n', {}, /^o\.csv:1: neither an order/],
  ['UTF-16 without its mark', 'u\0s\0e\0r\0\n', {}, /^o\.csv:1: .*UTF-16/],
  ['a row without a user', 'user,qty\nann,1\n,2\n', {}, 'o.csv:3: no user: ,2'],
  ['a JSON array', ' [ \n {"user":"ann"}]', {}, 'o.csv:1: a JSON array'],
  ['JSON where units come late', '{"user":"a"}\n{"user":"b","qty":2}\n', {}, /^o\.csv:2: units at qty, where/],
  ['JSON where units are missing', '{"user":"a","qty":2}\n{"user":"b"}\n', {}, /^o\.csv:2: no units at qty, where/],
  ['JSON where a user is missing', '{"user":"a"}\n{"user":null}\n', {}, /^o\.csv:2: no user at user/],
  ['half a line of JSON', '{"user":"ann"}\n{"user":\n', {}, 'o.csv:2: no JSON object: {"user":'],
  ['JSON without a user', '{"x":1}\n', {}, 'o.csv:1: no user among x'],
])('refuses %s, with its line', async (_what, text, place, message) => {
  await expect(read(text, place, text.length > 1_000 ? 65_536 : 4)).rejects.toMatchObject({
    code: 'orders',
    message: expect.stringMatching(message),
  })
})

it.each([
  ["psql postgres://bob:geheim@db/x -c 'COPY'", "psql postgres://bob:***@db/x -c 'COPY'"],
  ['PGPASSWORD=geheim psql', 'PGPASSWORD=*** psql'],
  ['mysql -u root -pgeheim shop', 'mysql -u root -p*** shop'],
  ['curl --token geheim http://h/', 'curl --token *** http://h/'],
  ['redis-cli -a geheim GET x', 'redis-cli -a *** GET x'],
  ['curl -u bob:s3cret http://h/', 'curl -u bob:*** http://h/'],
  [`curl --user "bob:s3 cret" http://h/`, `curl --user "bob:***" http://h/`],
  ['curl -H "Authorization: Bearer s3cret" http://h/', 'curl -H "Authorization: Bearer ***" http://h/'],
  ['redis-cli -u redis://:s3cret@h:6379 GET x', 'redis-cli -u redis://:***@h:6379 GET x'],
  ['DB_PASS=s3cret ./dump', 'DB_PASS=*** ./dump'],
  ['PASS="s3 cret" ./dump', 'PASS=*** ./dump'],
  ['/usr/bin/sshpass -p s3cret ssh shop dump', '/usr/bin/sshpass -p *** ssh shop dump'],
  ["sshpass -p's3 cret' ssh shop", 'sshpass -p*** ssh shop'],
  ['mongosh -u bob -p s3cret shop', 'mongosh -u bob -p *** shop'],
  ['mongoexport --uri mongodb://bob:s3@cret@h/x -c orders', 'mongoexport --uri mongodb://bob:***@h/x -c orders'],
  ['mysql -u root -p shop', 'mysql -u root -p shop'],
  ['psql -U shop -c "SELECT user_id, qty"', 'psql -U shop -c "SELECT user_id, qty"'],
  ['curl http://h:80/o?to=a@b', 'curl http://h:80/o?to=a@b'],
  ['cat orders.csv', 'cat orders.csv'],
])('masks %s', (text, masked) => expect(maskSecrets(text)).toBe(masked))

it.each<[string, Buffer]>([
  ['UTF-8', Buffer.from('姓名,数量\n王芳,2\n')],
  ['UTF-16LE', Buffer.from('\ufeff姓名\t数量\n王芳\t2\n', 'utf16le')],
  ['UTF-16BE', Buffer.from('\ufeff姓名\t数量\n王芳\t2\n', 'utf16le').swap16()],
])('reads bytes of %s, however they are cut', async (_what, bytes) => {
  async function* cut() {
    for (const byte of bytes) yield Buffer.of(byte)
  }
  const place: RecordsPlace = { type: 'file', key: 'o.csv', user: null, quantity: null }
  const source = await readOrders(textOf(cut(), 'o.csv'), place, { fold: [] }, 'o.csv')
  expect([source?.users, Array.from(source?.quantities ?? [])]).toEqual([['王芳'], [2]])
})

it('refuses bytes of another encoding, which would make one of two names', async () => {
  async function* gbk() {
    yield Buffer.from([0xcd, 0xf5, 0xb7, 0xbc])
  }
  const read = async () => {
    for await (const _ of textOf(gbk(), 'o.csv'));
  }
  await expect(read()).rejects.toMatchObject({ code: 'orders', message: 'o.csv: not UTF-8' })
})

it.each(['sleep 600', 'echo user; sleep 600', 'echo user; exec >&-; sleep 600', 'sleep 600 | cat'])(
  'a command that hangs (%s) ends with its time',
  async (key) => {
    const place: RecordsPlace = { type: 'command', key, user: null, quantity: null }
    const world = { cwd: '.', env: process.env, signal: new AbortController().signal, maxMs: 100 }
    await expect(openOrders(place, { fold: [] }, world)).rejects.toMatchObject({
      ...{ code: 'orders', message: 'the orders command did not end within 0.1 s' },
      hint: expect.stringContaining(`try it by itself: ${key}`),
    })
  },
)
