import type { CommandEntry } from '../spec.js'

/** Every command, in the order of the help. Only the one that is called gets loaded. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    group: 'try',
    summary: 'the whole story on a private Redis, in under a minute',
    load: async () => (await import('./demo.js')).demo,
  },
  {
    name: 'serve',
    group: 'try',
    summary: 'the document’s shop over HTTP: POST /seckill, /incr, /basic, /buy/<strategy>',
    load: async () => (await import('./serve.js')).serve,
  },
  {
    name: 'run',
    args: '[scenario]',
    group: 'try',
    summary: 'all of it from one file: seed, start the shop, fire, audit, race',
    load: async () => (await import('./run.js')).run,
  },
  {
    name: 'init',
    group: 'sale',
    summary: 'seed the stock, clear this sale’s records, remember both',
    load: async () => (await import('./init.js')).init,
  },
  {
    name: 'status',
    group: 'sale',
    summary: 'stock, units sold, buyers, lifetime, memory',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'reset',
    group: 'sale',
    summary: 'remove this sale’s keys, after asking',
    load: async () => (await import('./reset.js')).reset,
  },
  {
    name: 'buy',
    args: '[url]',
    group: 'fire',
    summary: 'one purchase, by a strategy or on a server: the answer, the rule it matched, the keys before and after',
    load: async () => (await import('./buy.js')).buy,
  },
  {
    name: 'simulate',
    group: 'fire',
    summary: 'many purchases in-process, straight on Redis',
    load: async () => (await import('./simulate.js')).simulate,
  },
  {
    name: 'blast',
    args: '[url]',
    group: 'fire',
    summary: 'fire purchases over HTTP, each by a user of its own',
    load: async () => (await import('./blast.js')).blast,
  },
  {
    name: 'audit',
    group: 'judge',
    summary: 'judge every invariant, from Redis and from what clients were told',
    load: async () => (await import('./audit.js')).audit,
  },
  {
    name: 'race',
    args: '[url]',
    group: 'judge',
    summary:
      'explore the orders in which the commands of concurrent purchases reach Redis; the shortest proof of a race',
    load: async () => (await import('./race.js')).race,
  },
  {
    name: 'report',
    args: '[run...]',
    group: 'judge',
    summary:
      'runs as a page to open or Markdown, against a baseline; attempts as JSON, CSV, JMeter results, HdrHistogram',
    load: async () => (await import('./report.js')).report,
  },
  {
    name: 'redis',
    args: '<action>',
    group: 'more',
    summary: 'start or stop a private Redis of this folder (.seckill/) that stays',
    load: async () => (await import('./redis.js')).redis,
  },
  {
    name: 'worker',
    group: 'more',
    summary: 'decide the orders that wait in the queue; several may run at once',
    load: async () => (await import('./worker.js')).worker,
  },
  {
    name: 'import',
    args: '<plan>',
    group: 'more',
    summary: 'a JMeter test plan as a sale file, with what cannot be kept',
    load: async () => (await import('./import.js')).importCommand,
  },
  {
    name: 'doctor',
    args: '[url]',
    group: 'more',
    summary: 'look at Redis, the shop and this machine: what would spoil a sale or a load, and what to do',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    name: 'proxy',
    group: 'more',
    summary: 'stand between a shop and its Redis, and show every command',
    load: async () => (await import('./proxy.js')).proxy,
  },
  {
    name: 'strategies',
    group: 'more',
    summary: 'the purchase strategies, and what each of them breaks',
    load: async () => (await import('./strategies.js')).strategies,
  },
  {
    name: 'completion',
    args: '<shell>',
    group: 'more',
    summary: 'a script by which bash, zsh, fish or PowerShell complete commands, options and names',
    load: async () => (await import('./completion.js')).completion,
  },
]
