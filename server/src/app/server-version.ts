import { readFileSync } from 'node:fs'

/** The version of this server, as its package says it. */
export const readServerVersion = (): string => {
  const path = new URL('../../package.json', import.meta.url)
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const version: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'version') : undefined
  if (typeof version !== 'string') throw new Error('the package names its version')
  return version
}
