/** Where "now" comes from. The core and the use cases never ask the system themselves. */
export type Clock = {
  /** Milliseconds since 1970 in UTC; may be set back by the operator. */
  readonly nowMs: () => number
}
