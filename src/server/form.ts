import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'
import type { Purchase } from '../sale/purchase.js'

/** Lets the app read HTML forms beside JSON. */
export const acceptForms = (app: FastifyInstance): void => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, parse(body as string))
  })
}

/** The first value of a field, as text; undefined where it is absent or no text and no number. */
const fieldOf = (body: unknown, name: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const values = (body as Record<string, unknown>)[name]
  const value = Array.isArray(values) ? values[0] : values
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/**
 * The purchase that a request asks for. The user is empty where none is given; the quantity is NaN, which every shop
 * rejects, where it is no whole number, and `defaultQuantity` where none is given.
 */
export const purchaseIn = (body: unknown, defaultQuantity: number): Purchase => {
  const quantity = fieldOf(body, 'purchase')
  return {
    user: fieldOf(body, 'username') ?? '',
    quantity: quantity === undefined ? defaultQuantity : /^\d{1,9}$/.test(quantity) ? Number(quantity) : Number.NaN,
  }
}
