import type { RegistryWrites } from './registry/registry-operations.ts'

/**
 * What devices and clients add to the registry in any number. It is refused where events are, so that it does not eat what
 * deletions need; what people do by hand, log-ins and everything that removes go on in the reserve.
 */
const growing: ReadonlySet<string> = new Set<keyof RegistryWrites>([
  'createObjects',
  'changeObject',
  'changeObjects',
  'bindExternalId',
  'linkChildren',
  'createDeviceRequest',
  'createAuditRecord',
])

/** Whether the call of an operation is one of these; one with an audit record names the operation among its arguments. */
export const growsRegistry = (name: string, args: readonly unknown[]): boolean =>
  growing.has(name === noted ? String(args[notedNameAt]) : name)

const noted: keyof RegistryWrites = 'noted'
/** Behind the note and the time. */
const notedNameAt = 2
