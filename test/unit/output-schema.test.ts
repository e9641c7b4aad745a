import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS, outputJsonSchema } from '../../src/report/output-schema.js'

const SHIPPED = fileURLToPath(new URL('../../schema/output.schema.json', import.meta.url))

const fresh = () => `${JSON.stringify(outputJsonSchema(), null, 2)}\n`
const read = () => {
  if (process.env.UPDATE === '1') writeFileSync(SHIPPED, fresh())
  return readFileSync(SHIPPED, 'utf8')
}

describe('schema/output.schema.json', () => {
  it('is what src/report/output-schema.ts says (UPDATE=1 writes it)', () => expect(read()).toBe(fresh()))

  it('holds every document under its name', () => {
    expect(Object.keys(JSON.parse(read()).$defs)).toEqual(expect.arrayContaining(Object.keys(DOCUMENTS)))
  })

  it('takes the documents of later versions, and none with a field too few', () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(read()))
    const stopped = { schemaVersion: 1, command: 'redis', stopped: true, pid: 7 }
    expect(validate(stopped)).toBe(true)
    expect(validate({ ...stopped, later: 1 })).toBe(true)
    expect(validate({ ...stopped, pid: undefined })).toBe(false)
    expect(validate({ ...stopped, schemaVersion: 2 })).toBe(false)
  })
})
