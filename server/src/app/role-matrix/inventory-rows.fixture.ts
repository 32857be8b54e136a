import type { AccessArea, AccessRow } from './access-row.fixture.ts'

const readers = ['ROLE_INVENTORY_READ', 'ROLE_MANAGED_OBJECT_READ'] as const
const changers = ['ROLE_INVENTORY_ADMIN', 'ROLE_MANAGED_OBJECT_ADMIN'] as const

const listing = {
  roles: readers,
  owner: true,
  permissions: ['MANAGED_OBJECT:READ'],
  others: 'empty',
} satisfies Partial<AccessRow>

const reading = {
  roles: readers,
  owner: true,
  permissions: ['MANAGED_OBJECT:READ'],
} satisfies Partial<AccessRow>

const changing = {
  roles: changers,
  owner: true,
  permissions: ['MANAGED_OBJECT:ADMIN'],
} satisfies Partial<AccessRow>

const creating = {
  roles: [...changers, 'ROLE_INVENTORY_CREATE', 'ROLE_MANAGED_OBJECT_CREATE'],
  note: 'the creator becomes the owner',
} satisfies Partial<AccessRow>

const all = '/inventory/managedObjects'
const one = `${all}/:id`
const files = '/inventory/binaries'

const visible =
  'without a role that reads everything a list and its totals hold what the caller may read by its id'

const childRows = ['childDevices', 'childAssets', 'childAdditions'].flatMap(
  (kind): readonly AccessRow[] => [
    { route: `GET ${one}/${kind}`, may: 200, ...reading },
    {
      route: `POST ${one}/${kind}`,
      may: 201,
      ...changing,
      note: 'for parent and child; for a child of which the caller may change everything, a role to create is enough for the parent',
    },
    { route: `DELETE ${one}/${kind}`, may: 204, ...changing },
    { route: `GET ${one}/${kind}/:childId`, may: 200, ...reading, note: 'parent and child' },
    { route: `DELETE ${one}/${kind}/:childId`, may: 204, ...changing },
  ],
)

/** docs/protocols/cumulocity.md, 6.1, 6.2 and 6.9. */
export const inventoryAreas: readonly AccessArea[] = [
  {
    title: 'Inventory',
    rows: [
      { route: 'GET /inventory', may: 200, anyUser: true, key: true },
      { route: `GET ${all}`, may: 200, ...listing, note: visible },
      { route: `POST ${all}`, may: 201, ...creating },
      { route: `PUT ${all}`, may: 200, ...changing, note: 'every object of the body' },
      { route: `GET ${all}/count`, may: 200, ...listing, note: 'of the same objects as the list' },
      { route: `GET ${one}`, may: 200, ...reading },
      { route: `PUT ${one}`, may: 200, ...changing },
      { route: `DELETE ${one}`, may: 204, ...changing, note: 'all that goes with it, too' },
      { route: `GET ${one}/supportedMeasurements`, may: 200, ...reading },
      { route: `GET ${one}/supportedSeries`, may: 200, ...reading },
      { route: `GET ${one}/availability`, may: 404, ...reading, note: 'nothing is monitored' },
      ...childRows,
      ...['deviceParents', 'assetParents', 'additionParents'].map((kind): AccessRow => ({
        route: `GET ${one}/${kind}`,
        may: 200,
        ...reading,
      })),
      { route: `GET ${one}/user`, may: 200, ...reading },
      {
        route: `PUT ${one}/user`,
        may: 200,
        roles: [],
        note: 'ROLE_USER_MANAGEMENT_ADMIN together with the right to change the object; no role alone is enough',
      },
    ],
  },
  {
    title: 'Stored files',
    rows: [
      { route: `GET ${files}`, may: 200, ...listing, note: visible },
      { route: `POST ${files}`, may: 201, ...creating },
      { route: `GET ${files}/:id`, may: 200, ...reading },
      { route: `PUT ${files}/:id`, may: 201, ...changing },
      { route: `DELETE ${files}/:id`, may: 204, ...changing },
    ],
  },
  {
    title: 'Identity',
    rows: [{ route: 'GET /identity', may: 200, anyUser: true, key: true }, ...identityRows()],
  },
]

function identityRows(): readonly AccessRow[] {
  const ofObject = '/identity/globalIds/:id/externalIds'
  const named = '/identity/externalIds/:type/:externalId'
  const asReader = { roles: ['ROLE_IDENTITY_READ'], owner: true } satisfies Partial<AccessRow>
  const asChanger = { roles: ['ROLE_IDENTITY_ADMIN'], owner: true } satisfies Partial<AccessRow>
  return [
    { route: `GET ${ofObject}`, may: 200, ...asReader },
    { route: `POST ${ofObject}`, may: 201, ...asChanger },
    { route: `GET ${named}`, may: 200, ...asReader },
    { route: `DELETE ${named}`, may: 204, ...asChanger },
    {
      route: 'POST /identity/search',
      may: 200,
      ...asReader,
      others: 'empty',
      note: 'answers those of the pairs that the caller may see',
    },
  ]
}
