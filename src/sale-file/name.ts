import { existsSync } from 'node:fs'
import { join } from 'node:path'

const SALE_FILE_NAME = 'seckill.yaml'

/** The sale file in use: the one that the user named, else the one that lies in `cwd`; null without any. */
export const saleFileName = (cwd: string, named: string | undefined): string | null =>
  named ?? (existsSync(join(cwd, SALE_FILE_NAME)) ? SALE_FILE_NAME : null)
