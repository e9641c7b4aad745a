import { Document } from 'yaml'
import { parseSaleFile } from './load.js'

/**
 * Sections as the text of a sale file, read once more as `name`. `comments` come first, a line each; `environment` are the
 * variables that it asks for. Errors: sale_file.
 */
export const writtenSaleFile = (
  sections: Readonly<Record<string, unknown>>,
  name: string,
  comments: readonly string[],
  environment: readonly string[],
): string => {
  const text = [
    '# yaml-language-server: $schema=https://unpkg.com/seckill/schema/seckill.schema.json',
    ...comments.map((line) => `# ${line}`),
    new Document(sections, { aliasDuplicateObjects: false }).toString({ lineWidth: 120 }),
  ].join('\n')
  parseSaleFile(text, name, Object.fromEntries(environment.map((variable) => [variable, 'x'])))
  return text
}
