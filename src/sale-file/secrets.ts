const SECRET = /^(authorization|proxy-authorization|cookie|x-api-key|.*token.*|.*secret.*|.*passw.*|.*pwd.*|api_?key)$/i

/** The environment variable that holds what a sale file must not. */
export const secretVariable = (name: string): string => `SHOP_${name.toUpperCase().replace(/\W/g, '_')}`

/**
 * The value as a sale file may hold it: one whose name says that it is a secret becomes `${SHOP_…}`, and the variable joins
 * `secrets`. What placeholders fill in, or the environment without a default, is none.
 */
export const withoutSecret = (name: string, value: string, secrets: string[]): string => {
  if (!SECRET.test(name) || value === '' || value.includes('{{') || /^\$\{\w+\}$/.test(value)) return value
  const variable = secretVariable(name)
  if (!secrets.includes(variable)) secrets.push(variable)
  return `\${${variable}}`
}

/** Headers or form fields without their secrets; undefined where there are none at all. */
export const withoutSecrets = (
  fields: Readonly<Record<string, string>> = {},
  secrets: string[],
): Record<string, string> | undefined => {
  const masked = Object.entries(fields).map(([name, value]) => [name, withoutSecret(name, value, secrets)])
  return masked.length === 0 ? undefined : Object.fromEntries(masked)
}
