import type { Result } from '../../core/failure.ts'
import type { StoreHealth } from '../../ports/event-store.ts'

/** What a thread is told when it starts. */
export type ThreadData = {
  readonly folder: string
  /** The largest size of `events.db`; undefined for as large as the disk. */
  readonly eventsBytesMax: number | undefined
}

/** To a thread. Calls are answered in the order in which they were made. */
export type ToThread =
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly unknown[]
      readonly nowMs: number
    }
  | { readonly kind: 'close' }

/** From a thread. `bug` answers a call that threw what nobody expected. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answer'; readonly result: Result<unknown> }
  | { readonly kind: 'bug'; readonly message: string }
  | { readonly kind: 'health'; readonly state: StoreHealth['state'] }
  | { readonly kind: 'log'; readonly message: string; readonly cause: string }

export const describeCause = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
