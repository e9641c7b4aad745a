import type { Measure } from '../../sale/metric.js'
import { hgrm, hlog } from './histograms.js'
import { jtl } from './jtl.js'
import { csv, ndjson } from './lines.js'
import type { Exporter } from './rows.js'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'jtl', 'hgrm', 'hlog'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The exporter of a format; `measure` is what `hgrm` shows. */
export const exporterOf = (format: ExportFormat, measure: Measure): Exporter =>
  ({ ndjson, csv, jtl, hlog, hgrm: hgrm(measure) })[format]
