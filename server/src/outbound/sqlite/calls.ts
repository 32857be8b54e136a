import type { Result } from '../../core/failure.ts'

/**
 * A synchronous operation over a database, run on a worker thread. Arguments and results cross
 * threads by structured clone: plain data only. It answers expected failures as values; what it
 * throws rolls its transaction back and is answered as `unavailable`.
 */
export type Operation = (...args: never[]) => Result<unknown>

/** Operations by name, for example what `createRegistryWrites(db)` returns. */
export type Operations = Readonly<Record<string, Operation>>

/** How the main thread calls them. A failure of the thread or the disk is answered as `unavailable`. */
export type CallOf<Ops extends Operations> = <Name extends keyof Ops & string>(
  name: Name,
  ...args: Parameters<Ops[Name]>
) => Promise<ReturnType<Ops[Name]>>
