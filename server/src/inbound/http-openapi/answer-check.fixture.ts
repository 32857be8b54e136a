import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** An answer as a client has it. */
export type SeenAnswer = {
  readonly method: string
  /** With or without a query; without what `servers` says. */
  readonly path: string
  readonly status: number
  readonly contentType: string | undefined
  readonly body: string
}

/** What the document does not say of this answer: one sentence, or undefined when all is said. */
export type CheckAnswer = (answer: SeenAnswer) => string | undefined

/**
 * Holds real answers against an OpenAPI document. In it an object is as open as a client must expect of later versions; here it
 * is closed unless it says otherwise, so that a member that nobody has described is found.
 */
export const createCheckAnswer = (document: unknown): CheckAnswer => {
  const paths = pathsIn(document)
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true })
  addFormats.default(ajv)
  ajv.addSchema(closeObjects(document), 'openapi')
  const compiled = new Map<string, ValidateFunction>()
  const validatorOf = (pointer: string): ValidateFunction => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    compiled.set(pointer, validate)
    return validate
  }
  return (answer) => {
    const where = `${answer.method} ${answer.path} ${answer.status}`
    const found = findResponse(paths, answer)
    if (found === undefined) return undefined
    if (typeof found === 'string') return `${where}: ${found}`
    const type = typeOf(answer, found.content)
    if (type.kind === 'none') return undefined
    if (type.kind === 'unknown') return `${where}: ${type.sentence}`
    const validate = validatorOf(`${found.pointer}/content/${escapePointer(type.name)}/schema`)
    if (!type.name.endsWith('json') || validate(JSON.parse(answer.body))) return undefined
    return `${where}: ${ajv.errorsText(validate.errors)} in ${answer.body.slice(0, 2_000)}`
  }
}

type Members = Readonly<Record<string, unknown>>

type Path = { readonly template: string; readonly pattern: RegExp; readonly operations: Members }

const pathsIn = (document: unknown): readonly Path[] =>
  Object.entries(membersOf(memberOf(document, 'paths')))
    .map(([template, operations]) => ({
      template,
      pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
      operations: membersOf(operations),
    }))
    .sort((left, right) => parametersIn(left) - parametersIn(right))

/** What has fewer parameters is looked for first, as the server does. */
const parametersIn = ({ template }: Path): number => template.split('{').length

type Found = { readonly pointer: string; readonly content: Members }

/** Undefined for what belongs to no operation; a sentence when the operation does not have this status. */
const findResponse = (
  paths: readonly Path[],
  { method, path, status }: SeenAnswer,
): Found | string | undefined => {
  // What a browser asks before a page may call is answered on every path, and is no operation.
  if (method === 'OPTIONS') return undefined
  const [bare = ''] = path.split('?', 1)
  const fitting = paths.filter(({ pattern }) => pattern.test(bare))
  const at = fitting.find(({ operations }) => operations[method.toLowerCase()] !== undefined)
  if (at === undefined) {
    const isRefusal = status >= 400
    return isRefusal ? undefined : 'no such operation is described'
  }
  const operation = at.operations[method.toLowerCase()]
  const response = memberOf(operation, 'responses', String(status))
  if (response === undefined) return 'the operation is described without this status'
  const steps = ['paths', at.template, method.toLowerCase(), 'responses', String(status)]
  const pointer = steps.map((step) => `/${escapePointer(step)}`).join('')
  return { pointer, content: membersOf(memberOf(response, 'content')) }
}

type Type =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'unknown'; readonly sentence: string }

/** An empty body is right everywhere: writes without an Accept have none. */
const typeOf = ({ contentType, body }: SeenAnswer, content: Members): Type => {
  if (body === '') return { kind: 'none' }
  const [type = ''] = (contentType ?? '').split(';', 1)
  const name = Object.keys(content).find(
    (known) => known === '*/*' || known.toLowerCase() === type.trim().toLowerCase(),
  )
  if (name === '*/*') return { kind: 'none' }
  return name === undefined
    ? { kind: 'unknown', sentence: `the type ${type} is not described` }
    : { kind: 'known', name }
}

const escapePointer = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))

const closeObjects = (value: unknown): Record<string, unknown> => membersOf(closed(value))

const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, closed(member)]),
  )
  const isClosed = members['type'] === 'object' && members['additionalProperties'] === undefined
  return isClosed ? { ...members, additionalProperties: false } : members
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const memberOf = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((inner, name) => membersOf(inner)[name], value)
