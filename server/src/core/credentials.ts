import type { TenantId } from './identity.ts'

/** What a caller shows to prove who it is, as decoded by a protocol; nothing is verified yet. */
export type Credentials =
  | {
      readonly kind: 'basic'
      /** The tenant named before the slash; undefined when the user stands alone. */
      readonly tenant: TenantId | undefined
      readonly user: string
      readonly password: string
      /** The host name the request was sent to, without port: names the tenant when nothing else does. */
      readonly host: string
    }
  | { readonly kind: 'key'; readonly key: string }
  /** The token of a log-in, as a bearer's. */
  | { readonly kind: 'token'; readonly token: string }
  /** The same in a cookie, which a browser sends unasked: `proof` shows that a page of ours sent it. */
  | { readonly kind: 'cookie'; readonly token: string; readonly proof: string }

export type BasicCredentials = Extract<Credentials, { readonly kind: 'basic' }>

/** Where credentials come from: wrong passwords are counted by it. */
export type Caller = { readonly ip: string }
