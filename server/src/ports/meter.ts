import type { TenantId } from '../core/identity.ts'

/** What operators watch. Every call is cheap enough for the path of one event. */
export type Meter = {
  /** One answered HTTP request; `route` is the pattern, never the address. */
  readonly countRequest: (route: string, method: string, status: number, seconds: number) => void

  readonly countEvents: (
    tenant: TenantId,
    outcome: 'accepted' | 'duplicate' | 'rejected',
    events: number,
  ) => void

  /** One commit of the event store: how many events it covered and how long commit and fsync took. */
  readonly countCommit: (events: number, commitSeconds: number) => void

  /** How far a device's clock was off, only when beyond `clockSkewToldMs`. */
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
