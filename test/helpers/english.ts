/** Rooms and files whose texts do not go through `say` yet. */
export const PENDING: readonly string[] = [
  'cli/audit-look.ts',
  'cli/audit-runs.ts',
  'cli/audit-watch.ts',
  'cli/fire-warnings.ts',
  'cli/fire.ts',
  'cli/let-in.ts',
  'cli/program.ts',
  'cli/race-flags.ts',
  'cli/race-shops.ts',
  'cli/race-url.ts',
  'cli/render-audit.ts',
  'cli/render-load.ts',
  'cli/render-race.ts',
  'cli/render-races.ts',
  'cli/render-run.ts',
  'cli/render-summary.ts',
  'cli/commands/audit.ts',
  'cli/commands/blast.ts',
  'cli/commands/race.ts',
  'cli/commands/run.ts',
  'history/',
  'load/',
  'race/',
  'report/documents/',
  'report/output-schema.ts',
  'report/strategies.ts',
  'report/render/github.ts',
  'report/render/junit.ts',
  'sale-file/',
  'server/',
  'store/',
  'strategies/',
]

/** Texts in English on purpose, by the place (a room or a file of src) and what they look like. */
export const ENGLISH_ON_PURPOSE: readonly (readonly [string, RegExp])[] = [
  // For a machine, which knows one language.
  ['report/render/prometheus.ts', /./],
  // Commands to paste.
  ['audit/reproduce.ts', /./],
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
  // Names of witnesses, which --json gives and word() says.
  ['audit/witnesses.ts', /^(left the stock|recorded in )/],
]
