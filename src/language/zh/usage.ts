import type { Sentences } from '../say.js'

/** A command line that cannot be read. */
export const USAGE: Sentences = {
  'see --help': '见 --help',
  'no command was given': '没有给出命令',
  '{0}: no language {1}': '{0}：不认识语言 {1}',
  'one of: {0}': '可选：{0}',
  '{0} (Did you mean {1}?)': '{0}（是不是 {1}？）',
  '{0} (Did you mean one of {1}?)': '{0}（是不是其中之一：{1}？）',
  "unknown option '{0}'": '没有选项 {0}',
  "unknown command '{0}'": '没有命令 {0}',
  "option '{0}' argument missing": '选项 {0} 缺少值',
  "missing required argument '{0}'": '缺少必需的参数 {0}',
  "required option '{0}' not specified": '缺少必需的选项 {0}',
  "option '{0}' cannot be used with option '{1}'": '选项 {0} 和选项 {1} 不能同时使用',
  "option '{0}' argument '{1}' is invalid. {2}": '选项 {0} 的值 {1} 无效：{2}',
  "command-argument value '{0}' is invalid for argument '{1}'. {2}": '参数 {1} 的值 {0} 无效：{2}',
  "too many arguments for '{0}'. Expected {1} but got {2}": '命令 {0} 的参数太多：应有 {1}，给了 {2} 个',
  '{0} argument': '{0} 个',
  'It must be a whole number from {0} to {1}.': '必须是 {0} 到 {1} 之间的整数',
  'It must be one of: {0}.': '必须是其中之一：{0}',
  'It must be a share such as 5% or 0.05.': '必须是比例，例如 5% 或 0.05',
  'It must be a number of units such as 1, or a range such as 1-2.': '必须是件数，例如 1；或者范围，例如 1-2',
  'It must be a time such as 500ms, 10s or 2m.': '必须是时间，例如 500ms、10s 或 2m',
}
