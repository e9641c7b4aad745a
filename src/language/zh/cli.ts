import type { Sentences } from '../say.js'

/** What the command line says of itself. */
export const CLI: Sentences = {
  'error: {0}': '错误：{0}',
  'this is a bug: run it again with --debug and report what it prints':
    '这是程序缺陷：请加上 --debug 再运行一次，并报告它的输出',
}
