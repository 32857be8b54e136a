import type { AccessArea, AccessRow } from './access-row.fixture.ts'

const operating = { operators: ['ROLE_TENANT_MANAGEMENT_ADMIN'] } satisfies Partial<AccessRow>

const administering = {
  ...operating,
  roles: ['ROLE_TENANT_ADMIN'],
} satisfies Partial<AccessRow>

const all = '/belfry/v1/tenants'
const one = `${all}/:tenant`

const retention = `${one}/retention`
const previewing = ['ROLE_TENANT_ADMIN', 'ROLE_RETENTION_RULE_READ'] as const

/** docs/operations.md. */
export const nativeAreas: readonly AccessArea[] = [
  {
    title: 'Administration',
    rows: [
      { route: `POST ${all}`, may: 201, ...operating },
      { route: `GET ${all}`, may: 200, ...operating },
      { route: `GET ${one}`, may: 200, ...administering },
      { route: `DELETE ${one}`, may: 204, ...operating },
      { route: `POST ${one}/suspend`, may: 200, ...operating },
      { route: `POST ${one}/resume`, may: 200, ...operating },
      { route: `POST ${one}/apps`, may: 201, ...administering },
      { route: `GET ${one}/apps`, may: 200, ...administering },
      { route: `DELETE ${one}/apps/:app`, may: 204, ...administering },
      {
        route: `POST ${one}/keys`,
        may: 201,
        ...administering,
        note: 'a key for all tenants: operators only',
      },
      { route: `GET ${one}/keys`, may: 200, ...administering },
      { route: `DELETE ${one}/keys/:prefix`, may: 204, ...administering },
      { route: `GET ${one}/jobs`, may: 200, ...administering },
      {
        route: `DELETE ${one}/jobs/:job`,
        may: 404,
        ...administering,
        note: 'tried with one that has ended',
      },
      {
        route: 'POST /belfry/v1/backups',
        may: 202,
        ...operating,
        note: 'from this machine only',
      },
      {
        route: 'GET /belfry/v1/backups/:backup',
        may: 404,
        ...operating,
        note: 'from this machine only; tried with one that nobody began',
      },
      { route: `GET ${retention}`, may: 200, ...operating, roles: previewing },
      { route: `POST ${retention}/preview`, may: 200, ...operating, roles: previewing },
      {
        route: `POST ${retention}/run`,
        may: 200,
        ...operating,
        roles: ['ROLE_TENANT_ADMIN', 'ROLE_RETENTION_RULE_ADMIN'],
      },
    ],
  },
  {
    title: 'Health, metrics and the description',
    rows: [
      { route: 'GET /openapi.json', may: 200, everybody: true },
      { route: 'GET /docs', may: 200, everybody: true },
      { route: 'GET /livez', may: 200, everybody: true },
      { route: 'GET /readyz', may: 200, everybody: true },
      {
        route: 'GET /metrics',
        may: 200,
        everybody: true,
        note: 'from this machine; from others with the token of `BELFRY_METRICS_TOKEN`',
      },
    ],
  },
]
