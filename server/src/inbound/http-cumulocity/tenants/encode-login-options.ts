import { cookieLifetimeMs, sessionsPerUserMax } from '../../../core/limits.ts'

/** The ways to log in (docs/protocols/cumulocity.md, 5.4), the same for every tenant. */
export const encodeLoginOptions = (
  base: string,
  tenant: string | undefined,
): Record<string, unknown> => ({
  self: `${base}/tenant/loginOptions`,
  loginOptions: loginOptionIds.map((id) => encodeLoginOption(id, base, tenant)),
})

export const loginOptionIds = ['BASIC', 'OAUTH2_INTERNAL'] as const

export type LoginOptionId = (typeof loginOptionIds)[number]

/** One of them. `initRequest` is what a client posts its form to: with the tenant, when the request named one. */
export const encodeLoginOption = (
  id: LoginOptionId,
  base: string,
  tenant: string | undefined,
): Record<string, unknown> => {
  const option = { ...shared(id, base), grantType: 'PASSWORD' }
  if (id === 'BASIC') return { ...option, authenticationRestrictions: {} }
  const query = tenant === undefined ? '' : `?tenant_id=${encodeURIComponent(tenant)}`
  return {
    ...option,
    initRequest: `${base}/tenant/oauth${query}`,
    sessionConfiguration: {
      absoluteTimeoutMillis: cookieLifetimeMs,
      maximumNumberOfParallelSessions: sessionsPerUserMax,
      userAgentValidationRequired: false,
    },
  }
}

const shared = (type: LoginOptionId, base: string): Record<string, unknown> => ({
  id: type,
  self: `${base}/tenant/loginOptions/${type}`,
  type,
  userManagementSource: 'INTERNAL',
  visibleOnLoginPage: true,
})
