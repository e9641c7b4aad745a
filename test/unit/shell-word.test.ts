import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { printable, shellWord } from '../../src/sale/shell-word.js'

const ODD = ['plain', 'x; touch /tmp/pwned #', "it's", '$(id)', '`id`', '张三', '', '-n', 'a b', '"q"']

describe('shellWord', () => {
  it.each(ODD)('%j reaches a command as one word, as it is', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text)
  })

  it('writes control characters out', () => {
    expect(shellWord("a\n\x1b[31m'\\")).toBe("$'a\\x0a\\x1b[31m\\'\\\\'")
  })

  it('leaves plain words plain', () => {
    expect(shellWord('http://127.0.0.1:5000/buy,5%')).toBe('http://127.0.0.1:5000/buy,5%')
  })
})

describe('printable', () => {
  it('lets nothing move the cursor or turn the text around', () => {
    expect(printable('ann\n\x1b[2J\u202eeve 张三')).toBe('ann\\x0a\\x1b[2J\\x202eeve 张三')
  })
})
