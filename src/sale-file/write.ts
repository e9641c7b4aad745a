import { Document } from 'yaml'
import { parseSaleFile } from './load.js'

/** Sections as the text of a sale file, after comments of a line each. */
export const saleFileText = (sections: Readonly<Record<string, unknown>>, comments: readonly string[]): string =>
  [
    '# yaml-language-server: $schema=https://unpkg.com/seckill/schema/seckill.schema.json',
    ...comments.map((line) => `# ${line}`),
    new Document(sections, { aliasDuplicateObjects: false }).toString({ lineWidth: 120 }),
  ].join('\n')

/** Reads what was written once more, as `name`, with the environment variables that it asks for. Errors: sale_file. */
export const checkSaleFile = (text: string, name: string, environment: readonly string[]): void => {
  parseSaleFile(text, name, Object.fromEntries(environment.map((variable) => [variable, 'x'])))
}
