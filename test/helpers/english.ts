/** Texts in English on purpose, by the place (a room or a file of src) and what they look like. */
export const ENGLISH_ON_PURPOSE: readonly (readonly [string, RegExp])[] = [
  // For a machine, which knows one language.
  ['report/render/prometheus.ts', /./],
  // What is kept in run logs, and counted by: why an attempt got no answer, the rule that read it. Bugs.
  [
    'load/transports/',
    /^(a line between|not HTTP\/1\.1|trailers|, after status|not sent again|body too large|an answer before|status \{0\}|a head without|an upgrade|Basic )/,
  ],
  ['load/', /^(\(answers beyond|status |overflow |slot |step |other side closed|Basic )/],
  // On the wire, or for a shell.
  ['load/rehearsal.ts', /^HTTP/],
  ['load/supervised.ts', /./],
  ['load/transports/request-text.ts', /./],
  // What word() says where it is shown: --json holds it.
  ['cli/race-url.ts', /^(a copy of the shop|one process of the shop) for /],
  // Commands to paste.
  ['audit/reproduce.ts', /./],
  ['cli/commands/completion.ts', /^echo '/],
  ['cli/bash-completion.ts', /./],
  ['cli/scenario-steps.ts', /^\{0\} --seed \{1\}$/],
  // Script and style of a page.
  ['report/render/html/script.ts', /./],
  ['report/render/html/style.ts', /./],
  ['report/render/html/page.ts', /^default-src /],
  // Classes of elements, a moment in a notation of its own.
  ['report/render/html/', /^(badge \{0\}|cards lanes|\{0\} UTC)$/],
  // Kinds of servers, as in their URLs; a reply as redis-cli shows it.
  ['redis/target.ts', /^(unix|sentinel|cluster) /],
  ['redis/resp-values.ts', /^… \{0\} in all$/],
  // Commands, scripts, and how ioredis begins a message of its own.
  ['redis/', /^([A-Z]+\s+)+[A-Z]+$|^apk add |^(INFO server|Stream isn't writeable)$|^\ntrap /],
  // What a shop answers is data; help texts speak English.
  ['sale/http-contract.ts', /^(throttled|error|not_sent|unknown): /],
  ['sale/usernames.ts', /^\{0\}, \{1\}… or @file\.csv$/],
  // Help is in English, as the flags are.
  ['cli/program.ts', /./],
  ['cli/race-flags.ts', /./],
  ['cli/commands/run.ts', /./],
  // For machines: descriptions in JSON schemas.
  ['report/documents/', /./],
  ['report/output-schema.ts', /./],
  // Elements of JUnit, commands of GitHub, a heading of Markdown.
  ['report/render/junit.ts', /^\s*<test|^ +<\{0\} message=|^tests=/],
  ['report/render/github.ts', /^(::|### )\{0\} /],
  // Formats of HdrHistogram and JMeter; commands to repeat.
  ['history/export/', /^(\[StartTime: |Non HTTP response code: )/],
  ['history/repeat.ts', /^(simulate|blast) \{0\}$/],
  // A shell command; how servers call themselves.
  ['store/orders/open.ts', /^kill -s TERM /],
  ['store/environment.ts', /^(Redis|Valkey) \{0\}$/],
  // What the reference shop answers over HTTP is data for whoever is at the other end.
  [
    'server/',
    /^(internal error|Redis (cannot be reached or refused; nothing was bought|does not answer)|username is missing|no such (path; there are: |ticket)|\{0\} wants \{1\}, not |no stock at key |this sale has layout |\{0\} is a \{1\}, |\{0\}: this is no sale of layout |\{0\} needs the command )/,
  ],
  ['strategies/strategy.ts', /^no stock at key /],
  // Lua; what word() says where it is shown; a bug of whoever writes a strategy.
  [
    'strategies/',
    /redis\.call\(|^Redis ≥ 8\.8 or Valkey ≥ 9\.2$|^a strategy with a back office was opened without a queue$/,
  ],
  // Commands, also in a notation for steps; Lua; names of processes and scripts, which stand for actors in replays and --json.
  ['race/independence.ts', /^[A-Z ]+$/],
  ['race/timeline.ts', /^(script \{0\} \{1\}|MULTI \{0\} EXEC|\{0\}\{1\} --replay \{2\})$/],
  ['race/setting.ts', /^(worker \{0\}|\{0\} --stock \{1\} .*)$/],
  ['race/worlds/office.ts', /redis\.call\(|^(take order|order is decided|hand back)$/],
  ['race/worlds/effects.ts', /redis\.call\(/],
  ['race/worlds/http/units.ts', /^function \{0\}$/],
  // What stands for a process of the shop: --json gives it, word() says it.
  ['cli/render-race.ts', /^a process for each purchase$/],
  // Elements of a drawing.
  ['race/svg.ts', /^( (font-weight|fill)=|<)/],
  // Names of witnesses, which --json gives and word() says.
  ['audit/witnesses.ts', /^(left the stock|recorded in )/],
]
