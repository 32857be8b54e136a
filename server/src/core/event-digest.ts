import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import { tenantDeviceBodyBytesMax } from './limits.ts'
import type { Fragments } from './fragments.ts'

/**
 * The digest of an event's text and fragments by JSON value, or undefined when it does not carry
 * exactly the fragments of a tenant-device event: `appId`, `data` and `severity`. Two events are
 * duplicates when tenant, source, type, time and this digest are equal. An event larger than any
 * tenant-device body is not digested: it could cost seconds and equals nothing that can be sent.
 */
export const digestEvent = (text: string, fragments: Fragments): string | undefined => {
  if (fragments.length !== 3) return undefined
  const appId = valueOf(fragments, 'appId')
  const data = valueOf(fragments, 'data')
  const severity = valueOf(fragments, 'severity')
  if (appId === undefined || data === undefined || severity === undefined) return undefined
  const characters = text.length + appId.length + data.length + severity.length
  if (characters > tenantDeviceBodyBytesMax) return undefined
  const values = `${canonicalJson(appId)}\n${canonicalJson(data)}\n${canonicalJson(severity)}`
  return hash('sha256', `${JSON.stringify(text)}\n${values}`, 'base64url')
}

const valueOf = (fragments: Fragments, wanted: string): string | undefined => {
  for (const { name, value } of fragments) if (name === wanted) return value
  return undefined
}
