import type { ElementKind } from '../draft.js'

export const csvDataSet: ElementKind = {
  tags: ['CSVDataSet'],
  read: (element, { tables, variables }) => {
    const { props } = element
    const columns = props.text('variableNames').trim() === '' ? null : props.text('variableNames').split(',')
    const plain = (name: string) => variables.resolve(props.text(name), element)
    const [file] = plain('filename')
    tables.push({
      file: file?.kind === 'text' ? file.text : file?.kind === 'env' ? (file.fallback ?? '') : '',
      columns: columns === null ? null : columns.map((column) => column.trim()),
      skipsFirst: props.flag('ignoreFirstLine'),
      delimiter: props.text('delimiter') === '\\t' ? '\t' : props.text('delimiter') || ',',
      quoted: props.flag('quotedData'),
      encoding: props.text('fileEncoding') || 'utf-8',
      element,
    })
    for (const column of columns ?? []) variables.define(column.trim(), { kind: 'column', name: column.trim() })
    if (columns === null) variables.columnsUnknown = true
  },
}
