import { tenantIdLengthMax, userNameLengthMax } from './limits.ts'
import type { TenantId, UserName } from './identity.ts'

/**
 * A tenant's id as it may be created: lower-case letters, digits, `-` and `_`, beginning with a letter or digit, because it
 * is also a host label and stands in addresses. Undefined when the text is not one.
 */
export const decodeTenantId = (text: string): TenantId | undefined =>
  /^[a-z0-9][a-z0-9_-]*$/.test(text) && text.length >= 2 && text.length <= tenantIdLengthMax
    ? (text as TenantId)
    : undefined

/**
 * A user's name as it may be created: no white space, control character, slash, `+`, `$` or `:`
 * (docs/protocols/cumulocity.md, 5.1). Undefined when the text is not one.
 */
export const decodeUserName = (text: string): UserName | undefined =>
  /^[^\s\p{Cc}/+$:]+$/u.test(text) && [...text].length <= userNameLengthMax
    ? (text as UserName)
    : undefined
