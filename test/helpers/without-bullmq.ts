const HOOK = `export const resolve = (name, context, next) => { if (name === 'bullmq') throw Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' }); return next(name, context) }`
const asUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`
const register = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(HOOK))})`

/** An environment in which a program finds no BullMQ, though it is installed. */
export const WITHOUT_BULLMQ = { NODE_OPTIONS: `--import "${asUrl(register)}"` }
