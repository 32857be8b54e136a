import {
  bodyTokenLifetimeMs,
  cookieLifetimeMs,
  logInLifetimeMaxMs,
  logInLifetimeMinMs,
} from './limits.ts'
import type { TenantOption } from './tenant-option.ts'

/** How long a log-in goes on (docs/protocols/cumulocity.md, 5.3). */
export type LogInLifetime = {
  readonly tokenMs: number
  /** How long a browser keeps the cookies; undefined for until it is closed. */
  readonly cookieMs: number | undefined
}

/**
 * What the options of the tenant say, each in whole seconds; one that cannot be read says nothing. A time that is too
 * short or too long is taken for the nearest that is allowed. A cookie lasts as long as its token unless it has an
 * option of its own.
 */
export const logInLifetimeOf = (
  kept: 'in-cookie' | 'in-body',
  options: readonly TenantOption[],
): LogInLifetime => {
  if (kept === 'in-body') {
    const ms = readMs(options, 'body-token.lifespan.seconds')
    return { tokenMs: withinBounds(ms ?? bodyTokenLifetimeMs), cookieMs: undefined }
  }
  const tokenMs = withinBounds(readMs(options, 'basic-token.lifespan.seconds') ?? cookieLifetimeMs)
  const cookieMs = readMs(options, 'basic-user.cookie.lifespan.seconds') ?? tokenMs
  return { tokenMs, cookieMs: cookieMs < 0 ? undefined : withinBounds(cookieMs) }
}

const category = 'oauth.internal'

const readMs = (options: readonly TenantOption[], key: string): number | undefined => {
  const option = options.find((each) => each.category === category && each.key === key)
  return option !== undefined && /^-?\d{1,12}$/.test(option.value)
    ? Number(option.value) * 1000
    : undefined
}

const withinBounds = (ms: number): number =>
  Math.min(Math.max(ms, logInLifetimeMinMs), logInLifetimeMaxMs)
