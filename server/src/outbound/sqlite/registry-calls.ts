import type { AuditNote } from '../../core/audit.ts'
import type { Result } from '../../core/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CallOf } from './calls.ts'
import { callOf } from './decode-result.ts'
import type { RegistryReads, RegistryWrites } from './registry/registry-operations.ts'

/** How the main thread reaches `registry.db`: one writer, any number of readers. */
export type RegistryCalls = {
  readonly write: CallOf<RegistryWrites>
  readonly read: CallOf<RegistryReads>
}

/** The same, with an audit record in the transaction of each write. */
export const notingCalls = (
  { write, read }: RegistryCalls,
  note: AuditNote,
  clock: Clock,
): RegistryCalls => {
  const writeNoted = (name: string, args: readonly unknown[]): Promise<Result<unknown>> =>
    write('noted', note, clock.nowMs(), name, args)
  return { write: callOf<RegistryWrites>(writeNoted), read }
}
