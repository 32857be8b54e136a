import type { CallOf } from './calls.ts'
import type { RegistryReads, RegistryWrites } from './registry/registry-operations.ts'

/** How the main thread reaches `registry.db`: one writer, any number of readers. */
export type RegistryCalls = {
  readonly write: CallOf<RegistryWrites>
  readonly read: CallOf<RegistryReads>
}
