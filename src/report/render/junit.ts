import { say } from '../../language/say.js'
import { printable } from '../../sale/shell-word.js'
import type { Case, Verdicts } from '../cases.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const escaped = (text: string): string =>
  text.replace(NOT_XML, '\ufffd').replace(/[&<>"']/g, (char) => ENTITIES[char] as string)

/** The element that tells a verdict: no element for a pass; what could not be told is an error, not a failure. */
const ELEMENTS = { fail: 'failure', inconclusive: 'error', untested: 'skipped', skipped: 'skipped' } as const

const testCase = ({ suite, name, verdict, message, hint, next, users }: Case): string => {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}"`
  if (verdict === 'pass') return `${head}/>`
  const element = ELEMENTS[verdict]
  const body = [
    users.length > 0 ? say`users: ${users.slice(0, 20).map(printable).join(say`, `)}` : '',
    hint === null ? '' : say`hint: ${hint}`,
    next === null ? '' : say`next: ${next}`,
  ].filter(Boolean)
  const open = `      <${element} message="${escaped(message)}"`
  const told = body.length === 0 ? `${open}/>` : `${open}>${escaped(body.join('\n'))}</${element}>`
  return `${head}>\n${told}\n    </testcase>`
}

/** What only warns fails no build: JUnit has no word for it but "skipped". */
const softened = (judged: Case): Case =>
  judged.onlyWarns && judged.verdict !== 'pass'
    ? { ...judged, verdict: 'skipped', message: say`only warns: ${judged.message}` }
    : judged

/** What was judged as JUnit XML, a test case each, as CI servers read it (the schema of Jenkins' xunit plugin). */
export const junitXml = ({ subject, cases }: Pick<Verdicts, 'subject' | 'cases'>): string => {
  const judged = cases.map(softened)
  const count = (...verdicts: Case['verdict'][]) => judged.filter(({ verdict }) => verdicts.includes(verdict)).length
  const counts = `tests="${judged.length}" failures="${count('fail')}" errors="${count('inconclusive')}" skipped="${count('untested', 'skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="seckill ${escaped(subject)}" ${counts}>`,
    ...judged.map(testCase),
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}
