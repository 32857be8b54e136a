/** Where the load goes, and with which credentials. */
export type Target = {
  readonly url: string
  readonly tenant: string
  readonly authorization: string
  readonly apiKey: string
  readonly appId: string
  readonly devices: readonly [string, ...string[]]
}
