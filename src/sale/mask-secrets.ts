const URL_PASSWORD = /(:\/\/[^\s/:@]*):[^\s/@]*@/g
const ASSIGNED = /\b(\w*(?:password|passwd|pwd|secret|token|api_?key)\w*)(\s*=\s*|\s*:\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi
const FLAG = /(--?(?:password|passwd|pass|secret|token|auth|a)(?:=|\s+))("[^"]*"|'[^']*'|\S+)/gi
/** mysql takes its password glued to -p. */
const GLUED = /(\smysql\w*\b.*?\s-p)(\S+)/g

/** A command line or what a command said, with passwords and tokens blanked out. */
export const maskSecrets = (text: string): string =>
  ` ${text}`
    .replace(URL_PASSWORD, '$1:***@')
    .replace(ASSIGNED, '$1$2***')
    .replace(FLAG, '$1***')
    .replace(GLUED, '$1***')
    .slice(1)
