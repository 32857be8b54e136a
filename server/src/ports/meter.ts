import type { TenantId } from '../core/identity.ts'

/** What operators watch. Every call is cheap enough for the path of one event. */
export type Meter = {
  /** One answered HTTP request; `route` is the pattern, never the address. */
  readonly countRequest: (route: string, method: string, status: number, seconds: number) => void

  /** Events that were taken in or found to be there; of those that were `rejected`, one for each call. */
  readonly countEvents: (
    tenant: TenantId,
    outcome: 'accepted' | 'duplicate' | 'rejected',
    events: number,
  ) => void

  /**
   * One commit of the event store: how many events it covered, other calls as one each, and how long it took, its fsync
   * included.
   */
  readonly countCommit: (events: number, commitSeconds: number) => void

  /** An event of a device whose clock is off by more than `clockSkewToldMs`. */
  readonly countSkewedClock: (tenant: TenantId) => void

  /**
   * Read when the metrics are asked for: name without the server's prefix, help, and the value now. A `counter` only ever
   * grows while the process lives.
   */
  readonly observe: (
    name: string,
    help: string,
    read: () => number,
    kind?: 'gauge' | 'counter',
  ) => void

  /** All of it in the Prometheus text format. */
  readonly render: () => Promise<string>
}
