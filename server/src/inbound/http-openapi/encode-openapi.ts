import { STATUS_CODES } from 'node:http'
import { text } from '../http/area.ts'
import type { Area, Content, Description, Operation, Parameter } from '../http/area.ts'
import type {
  OpenApi,
  OpenApiContent,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPath,
  OpenApiResponse,
} from './openapi.ts'
import { securitySchemes } from './security-schemes.ts'

/** Makes one document of what is written beside the routes. `base` is where the server is found. */
export const encodeOpenApi = (
  areas: readonly Area[],
  { version, base }: { readonly version: string; readonly base: string },
): OpenApi => ({
  openapi: '3.1.1',
  info: { title: 'Belfry', version, description: introduction },
  servers: [{ url: base }],
  tags: areas.map(({ name, summary }) => ({ name, description: summary })),
  paths: encodePaths(areas),
  components: {
    schemas: Object.fromEntries(areas.flatMap(({ schemas }) => Object.entries(schemas))),
    securitySchemes,
  },
})

const introduction = [
  'A device-event server with two dialects over one store, and an administration of its own.',
  'Every answer has an `X-Request-ID`: the one that was sent, or a new one.',
  'A POST with `X-HTTP-METHOD: PUT` (or another method) is handled as that method, save below `/rest/`.',
  'In the Cumulocity dialect a POST or PUT without an `Accept` is answered without a body;',
  'requests may name `application/json` or the vendor type of the resource, in `Accept` and `Content-Type` alike,',
  'and a `Content-Type` may be left out.',
].join(' ')

/** What a key of `Area.operations` says, and the operation behind it. */
type Described = {
  readonly method: string
  readonly pattern: string
  readonly area: Area
  readonly operation: Operation
}

const encodePaths = (areas: readonly Area[]): Readonly<Record<string, OpenApiPath>> => {
  const paths = new Map<string, OpenApiPath>()
  for (const described of areas.flatMap(describedIn)) {
    const path = toTemplate(described.pattern)
    const method = described.method.toLowerCase()
    paths.set(path, { ...paths.get(path), [method]: encodeOperation(described) })
  }
  return Object.fromEntries(paths)
}

const describedIn = (area: Area): readonly Described[] =>
  Object.entries(area.operations).map(([key, operation]) => {
    const [method = '', pattern = ''] = key.split(' ')
    return { method, pattern, area, operation }
  })

/** `/event/events/:id` becomes `/event/events/{id}`. */
export const toTemplate = (pattern: string): string => pattern.replace(/:(\w+)/g, '{$1}')

const encodeOperation = (described: Described): OpenApiOperation => {
  const { method, pattern, area, operation } = described
  const sentences = [
    ...(operation.details === undefined ? [] : [operation.details]),
    ...(operation.needs === undefined ? [] : [`Needs ${operation.needs}.`]),
  ]
  const { body } = operation
  const secured = area.dialect.security.map((scheme) => ({ [scheme]: [] }))
  return {
    operationId: `${method.toLowerCase()}${pattern.replace(/\W+(\w)/g, capital)}`,
    tags: [area.name],
    summary: operation.summary,
    ...(sentences.length === 0 ? {} : { description: sentences.join(' ') }),
    security: operation.anyone === true ? [] : secured,
    parameters: encodeParameters(described),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: encodeContent(body) } as const }),
    responses: encodeResponses(described),
  }
}

const capital = (_: string, letter: string): string => letter.toUpperCase()

const encodeParameters = ({ pattern, area, operation }: Described): readonly OpenApiParameter[] => {
  const { headers, pathParameters } = area.dialect
  const named = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']): OpenApiParameter => {
    const description = pathParameters[name]
    if (description === undefined) throw new Error(`pathParameters must say what :${name} is`)
    return { in: 'path', name, description, required: true, schema: text }
  })
  const placed = (place: 'query' | 'header') => (parameter: Parameter) =>
    ({ in: place, ...parameter, required: parameter.required === true }) as const
  return [
    ...named,
    ...(operation.query ?? []).map(placed('query')),
    ...[...(operation.headers ?? []), ...headers].map(placed('header')),
  ]
}

const encodeContent = (content: Content): OpenApiContent =>
  Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]))

const encodeResponses = (described: Described): Readonly<Record<string, OpenApiResponse>> => {
  const { errors } = described.area.dialect
  const failed = failuresOf(described).map((status) => {
    const description = STATUS_CODES[status] ?? 'Error'
    return [String(status), encodeResponse({ description, content: errors.content })] as const
  })
  const answered = Object.entries(described.operation.answers).map(
    ([status, description]) => [status, encodeResponse(description)] as const,
  )
  return Object.fromEntries([...failed, ...answered])
}

const failuresOf = ({ method, pattern, area, operation }: Described): readonly number[] => {
  const { always, forCallers, forNames, forBodies, forChanges, forQueries } = area.dialect.errors
  const statuses = [
    ...always,
    ...(operation.anyone === true ? [] : forCallers),
    ...(pattern.includes(':') ? forNames : []),
    ...(operation.body === undefined ? [] : forBodies),
    ...(method === 'GET' ? [] : forChanges),
    ...(operation.query === undefined ? [] : forQueries),
    ...(operation.fails ?? []),
  ]
  return [...new Set(statuses)].sort((left, right) => left - right)
}

const encodeResponse = ({ description, content, headers }: Description): OpenApiResponse => ({
  description,
  ...(content === undefined ? {} : { content: encodeContent(content) }),
  ...(headers === undefined ? {} : { headers: encodeHeaders(headers) }),
})

const encodeHeaders = (headers: NonNullable<Description['headers']>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, { ...header, schema: text }]),
  )
