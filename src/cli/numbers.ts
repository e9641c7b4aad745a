export { milliseconds, thousands } from '../language/numbers.js'
