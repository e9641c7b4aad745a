const VALUE = `("[^"]*"|'[^']*'|\\S+)`

/** What is blanked out, and what stays of it. */
const SECRETS: readonly (readonly [pattern: RegExp, kept: string])[] = [
  // A password may hold an @ of its own: up to the last before a path.
  [/(:\/\/[^\s/:@]*):[^\s/]*@/g, '$1:***@'],
  [/\b(authorization\s*:\s*(?:\w+\s+)?)[^\s"']+/gi, '$1***'],
  [
    /\b(\w*(?:password|passwd|pwd|secret|token|api_?key)\w*|\w*pass)(\s*=\s*|\s*:\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi,
    '$1$2***',
  ],
  [new RegExp(`(--?(?:password|passwd|pass|secret|token|auth|a)(?:=|\\s+))${VALUE}`, 'gi'), '$1***'],
  // curl takes user and password as one.
  [/(\s(?:-u|--user|-U|--proxy-user)[\s=]*(["'])[^:"']*):(?!\/\/)[^"']*\2/g, '$1:***$2'],
  [/(\s(?:-u|--user|-U|--proxy-user)[\s=]*[^\s:"']+):(?!\/\/)\S+/g, '$1:***'],
  [new RegExp(`([\\s/](?:sshpass|mongo\\w*)\\b.*?\\s-p\\s*)${VALUE}`, 'g'), '$1***'],
  // mysql takes its password glued to -p.
  [new RegExp(`([\\s/](?:mysql|mariadb)\\w*\\b.*?\\s-p)${VALUE}`, 'g'), '$1***'],
]

/** A command line or what a command said, with passwords and tokens blanked out. */
export const maskSecrets = (text: string): string =>
  SECRETS.reduce((masked, [pattern, kept]) => masked.replace(pattern, kept), ` ${text}`).slice(1)
