import type { Random } from '../random.ts'
import type { RawRequest } from './raw-request.ts'

/** What the generator may name: one real tenant, its credentials, and a device. */
export type Surroundings = {
  readonly tenant: string
  readonly device: string
  readonly appId: string
  readonly authorization: string
  readonly apiKey: string
  /** Paths that take files. */
  readonly uploads: readonly [string, ...string[]]
}

/** One hostile request: mostly right, wrong in one or two places, so that it gets past the first check. */
export const generateRequest = (random: Random, around: Surroundings): RawRequest =>
  random.pick(kinds)(random, around)

type Kind = (random: Random, around: Surroundings) => RawRequest

const toRequest = (
  what: string,
  line: string,
  headers: readonly string[],
  body: string | Buffer = '',
): RawRequest => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const framed = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header))
  return {
    what,
    head: [
      `${line} HTTP/1.1`,
      'Host: localhost',
      ...headers,
      ...(framed ? [] : [`Content-Length: ${bytes.length}`]),
      'Connection: close',
    ],
    body: bytes,
  }
}

const jsonHeaders = ({ authorization }: Surroundings): readonly string[] => [
  `Authorization: ${authorization}`,
  'Content-Type: application/json',
  'Accept: application/json',
]

const validEvent = ({ device }: Surroundings): Record<string, unknown> => ({
  source: { id: device },
  type: 'hostile',
  text: 'x',
  time: '2026-02-01T10:00:00.000+01:00',
  hostile_Load: { a: [1, 2, { b: null }] },
})

const validReport = ({ appId }: Surroundings): Record<string, unknown> => ({
  typeId: 'hostile',
  description: 'x',
  appId,
  severity: 3,
  data: { a: 1 },
  timestamp: 1_440_014_969_567,
})

const mutatedBytes: Kind = (random, around) => {
  const { line, headers, body } = randomPost(random, around)
  const bytes = Buffer.from(JSON.stringify(body))
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    bytes[random.below(bytes.length)] = random.below(256)
  }
  const cut = random.below(4) === 0 ? random.below(bytes.length) : bytes.length
  return toRequest('mutated bytes', line, headers, bytes.subarray(0, cut))
}

const randomPost = (
  random: Random,
  around: Surroundings,
): { line: string; headers: readonly string[]; body: Record<string, unknown> } =>
  random.below(2) === 0
    ? { line: 'POST /event/events', headers: jsonHeaders(around), body: validEvent(around) }
    : {
        line: `POST /rest/v1/api/tenants/${around.tenant}/devices/${around.device}/events`,
        headers: [`X-API-Key: ${around.apiKey}`, 'Content-Type: application/json'],
        body: validReport(around),
      }

const oddTexts = [
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '1e400',
  '-1e400',
  '1e-400',
  '123456789012345678901234567890',
  '-0',
  '0.1e1',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"a":1,"a":2}',
  '"2026-02-30T00:00:00Z"',
  '"0000-01-01"',
  '"9999-12-31T23:59:59.999-23:59"',
  '"2026-01-01T00:00:00+99:99"',
  `${'['.repeat(100)}${']'.repeat(100)}`,
  `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`,
  `"${'x'.repeat(5_000)}"`,
  '"\u{1F980}\\n\\t"',
] as const

/** A valid body with one member's value replaced, or with one more member. */
const wrongTypes: Kind = (random, around) => {
  const { line, headers, body } = randomPost(random, around)
  const names = [...Object.keys(body), '__proto__', '', 'a b', 'a.b', 'id', 'self', 'é\u0000']
  const name = names[random.below(names.length)] ?? ''
  const odd = random.pick(oddTexts)
  const members = Object.entries(body)
    .filter(([each]) => each !== name)
    .map(([each, value]) => `${JSON.stringify(each)}:${JSON.stringify(value)}`)
  return toRequest(
    `${name} = ${odd.slice(0, 40)}`,
    line,
    headers,
    `{${[...members, `${JSON.stringify(name)}:${odd}`].join(',')}}`,
  )
}

const oddValues = [
  '',
  '%',
  '%zz',
  '%00',
  '%ff%fe',
  '-1',
  '0',
  '1e9',
  '99999999999999999999',
  'true',
  'null',
  '[]',
  "' or 1=1 --",
  "name%20eq%20'*a*'%20or%20not(has(__proto__.constructor))",
  "$filter=((((a.b.c%20eq%20'%00')))%20$orderby=__proto__%20desc",
  'isinhierarchyof(1,2,-3,x)',
  '2026-13-45',
  '2026-01-01T00:00:00 01:00',
  'after.1.1',
  'before.x.y',
  '../../etc/passwd',
  'x'.repeat(3_000),
  '%F0%9F%A6%80',
] as const

const queryNames = [
  'source',
  'type',
  'fragmentType',
  'fragmentValue',
  'dateFrom',
  'dateTo',
  'createdFrom',
  'createdTo',
  'lastUpdatedFrom',
  'lastUpdatedTo',
  'revert',
  'pageSize',
  'currentPage',
  'position',
  'withTotalPages',
  'withTotalElements',
  'withSourceAssets',
  'withSourceChildren',
  'withChildren',
  'childAssetId',
  '__proto__',
  'ids',
  'q',
  'query',
  'text',
  'owner',
  '',
] as const

const oddQueries: Kind = (random, around) => {
  const pairs = Array.from(
    { length: 1 + random.below(4) },
    () => `${random.pick(queryNames)}=${random.pick(oddValues).replaceAll(' ', '+')}`,
  )
  const method = random.pick(['GET', 'GET', 'GET', 'DELETE'])
  const path = random.pick([
    '/event/events',
    '/inventory/managedObjects',
    '/inventory/managedObjects/count',
    '/event/events/',
  ])
  return toRequest('odd query', `${method} ${path}?${pairs.join('&')}`, jsonHeaders(around))
}

const oddHeaders: Kind = (random, around) => {
  const { line, body } = randomPost(random, around)
  const names = [
    'Accept',
    'Content-Type',
    'Authorization',
    'X-API-Key',
    'X-HTTP-METHOD',
    'X-Cumulocity-Processing-Mode',
    'X-Request-ID',
    'X-Forwarded-Host',
    'X-Forwarded-For',
    'Prefer',
    'Expect',
    'Cookie',
    'Content-Encoding',
    'UseXBasic',
  ] as const
  const values = [
    '',
    '*/*',
    'text/html',
    'application/json;q=0',
    'application/json; charset="',
    ';;;,,,',
    'Basic',
    'Basic !!!!',
    'Basic Og==',
    'Bearer',
    'Bearer bfk_x',
    'x'.repeat(9_000),
    '\u00ff\u00fe',
    'PATCH',
    'TRANSIENT',
    'constructor',
    'application/vnd.com.nsn.cumulocity.eventCollection+json',
    '100-continue',
    'gzip',
  ] as const
  const odd = `${random.pick(names)}: ${random.pick(values)}`
  return toRequest(odd.slice(0, 60), line, [...jsonHeaders(around), odd], JSON.stringify(body))
}

const oddPaths: Kind = (random, around) => {
  const paths = [
    '/event/events/%',
    '/event/events/0',
    '/event/events/-1',
    '/event/events/1e5',
    '/event/events/99999999999999999999',
    '/event/events/%2e%2e%2f',
    '/event/events/__proto__',
    '//event/events',
    '/event/events/1/2/3',
    '/identity/externalIds/a/%00',
    `/identity/externalIds/${'a'.repeat(5_000)}/b`,
    '/inventory/managedObjects/constructor',
    '/inventory/managedObjects/0/childDevices/__proto__',
    '/inventory/managedObjects/1/childAssets?query=(((',
    '/inventory/managedObjects/1/user',
    '/user/../user/currentUser',
    `/rest/v1/api/tenants/${around.tenant}/devices/sn-!-x/events`,
    '/rest/v1/api/tenants/%00/devices/%00/events',
    '/belfry/v1/tenants/__proto__',
    '*',
    'http://other.example/event/events',
    '/?'.repeat(500),
  ] as const
  const method = random.pick(['GET', 'PUT', 'DELETE', 'POST', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'])
  const line = `${method} ${random.pick(paths)}`
  return toRequest(line.slice(0, 60), line, jsonHeaders(around), method === 'PUT' ? '{}' : '')
}

const brokenFraming: Kind = (random, around) => {
  const lengths = ['0', '-1', 'x', '5', '999999999999', '16777217', '1048577'] as const
  const headers = random.pick([
    [`Content-Length: ${random.pick(lengths)}`],
    ['Content-Length: 5', 'Content-Length: 6'],
    ['Transfer-Encoding: chunked', 'Content-Length: 4'],
    ['Transfer-Encoding: identity'],
    ['Content-Length: 2'],
  ])
  const request = toRequest('framing', 'POST /event/events', [...jsonHeaders(around), ...headers])
  return { ...request, what: headers.join(' '), body: Buffer.from('{}\r\n\r\n') }
}

/** Files and forms that are nearly right, for the event that the surroundings have. */
const oddUploads: Kind = (random, around) => {
  const disposition = random.pick([
    'form-data; name="file"',
    'form-data; name="file"; filename="a\\"b.txt"',
    'form-data; name="file"; filename*=UTF-8\'\'%ff%zz',
    'form-data; name="object"',
    'form-data',
    'attachment; filename="../../x"',
    `form-data; name="file"; filename="${'x'.repeat(3_000)}"`,
    'form-data; name="__proto__"; filename=""',
  ])
  const part = `--b\r\nContent-Disposition: ${disposition}\r\n\r\n${random.pick(oddTexts)}\r\n`
  const form = Buffer.from(`${part.repeat(1 + random.below(40))}--b--\r\n`)
  for (let count = random.below(4); count > 0; count -= 1) {
    form[random.below(form.length)] = random.below(256)
  }
  const cut = random.below(4) === 0 ? random.below(form.length) : form.length
  const type = random.pick([
    'multipart/form-data; boundary=b',
    'multipart/form-data; boundary=b',
    'multipart/form-data',
    'multipart/form-data; boundary=""',
    'multipart/mixed; boundary=b',
    'text/plain',
    'x',
    '',
  ])
  const ranges = ['0-1/2', '0-0/*', '1-1/9', '9-1/3', 'bytes */3', 'x', '0-99999999999/*'] as const
  const headers = [
    `Authorization: ${around.authorization}`,
    `Content-Type: ${type}`,
    ...(random.below(3) === 0 ? [`Content-Range: bytes ${random.pick(ranges)}`] : []),
    ...(random.below(4) === 0 ? [`Content-Disposition: ${disposition}`] : []),
  ]
  const method = random.pick(['POST', 'POST', 'PUT', 'DELETE', 'GET'])
  const line = `${method} ${random.pick(around.uploads)}`
  return toRequest(`upload ${line} ${type}`, line, headers, form.subarray(0, cut))
}

const noHttp: Kind = (random) => ({
  what: 'no HTTP',
  head: [
    Array.from({ length: 1 + random.below(80) }, () =>
      String.fromCharCode(1 + random.below(254)),
    ).join(''),
  ],
  body: Buffer.from('\r\n\r\n'),
})

const kinds: readonly [Kind, ...Kind[]] = [
  mutatedBytes,
  mutatedBytes,
  wrongTypes,
  wrongTypes,
  wrongTypes,
  oddQueries,
  oddQueries,
  oddHeaders,
  oddPaths,
  brokenFraming,
  oddUploads,
  oddUploads,
  noHttp,
]
