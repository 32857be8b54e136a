import { cookieLifetimeMs, sessionsPerUserMax } from '../../core/limits.ts'

/**
 * The ways to log in (docs/protocols/cumulocity.md, 5.4), the same for every tenant. `initRequest` is what a client posts its
 * form to: with the tenant, when the request named one.
 */
export const encodeLoginOptions = (
  base: string,
  tenant: string | undefined,
): Record<string, unknown> => {
  const query = tenant === undefined ? '' : `?tenant_id=${encodeURIComponent(tenant)}`
  return {
    self: `${base}/tenant/loginOptions`,
    loginOptions: [
      { ...shared('BASIC', base), grantType: 'PASSWORD', authenticationRestrictions: {} },
      {
        ...shared('OAUTH2_INTERNAL', base),
        grantType: 'PASSWORD',
        initRequest: `${base}/tenant/oauth${query}`,
        sessionConfiguration: {
          absoluteTimeoutMillis: cookieLifetimeMs,
          maximumNumberOfParallelSessions: sessionsPerUserMax,
          userAgentValidationRequired: false,
        },
      },
    ],
  }
}

const shared = (type: string, base: string): Record<string, unknown> => ({
  id: type,
  self: `${base}/tenant/loginOptions/${type}`,
  type,
  userManagementSource: 'INTERNAL',
  visibleOnLoginPage: true,
})
