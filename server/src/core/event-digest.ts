import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { Fragments } from './fragments.ts'

/**
 * The digest of an event's text and fragments by JSON value, or undefined when it does not carry
 * exactly the fragments of a tenant-device event: `appId`, `data` and `severity`. Two events are
 * duplicates when tenant, source, type, time and this digest are equal.
 */
export const digestEvent = (text: string, fragments: Fragments): string | undefined => {
  if (fragments.length !== 3) return undefined
  const values = new Map(fragments.map(({ name, value }) => [name, value]))
  const appId = values.get('appId')
  const data = values.get('data')
  const severity = values.get('severity')
  if (appId === undefined || data === undefined || severity === undefined) return undefined
  const compared = [JSON.stringify(text), appId, data, severity].map(canonicalJson)
  return hash('sha256', compared.join('\n'), 'base64url')
}
