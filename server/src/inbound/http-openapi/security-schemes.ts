import type { SecurityScheme } from './openapi.ts'

/** The ways to prove who is calling (docs/protocols/cumulocity.md, 5; docs/protocols/tenant-device-events.md, 1). */
export const securitySchemes = {
  basic: {
    type: 'http',
    scheme: 'basic',
    description:
      'A user as `tenant/user:password`, or `user:password` where the host names the tenant.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'What `POST /tenant/oauth/token` gives.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'authorization',
    description:
      'What `POST /tenant/oauth` sets; the value of the cookie `XSRF-TOKEN` goes with it in the header `X-XSRF-TOKEN`.',
  },
  keyAsBearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: it reads and creates events of its tenant.',
  },
  key: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key; the header `X-Moki-TenantAPIToken` means the same.',
  },
} as const satisfies Readonly<Record<string, SecurityScheme>>
