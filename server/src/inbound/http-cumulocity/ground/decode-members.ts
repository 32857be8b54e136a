import { failed, success } from '../../../core/failure.ts'
import type { Failure, Issue, Result } from '../../../core/failure.ts'
import { readElements, readMembers, stringOf } from '../../../core/json-text.ts'
import type { JsonMember } from '../../../core/json-text.ts'

/** A JSON object's own members by name. A walk through them: they are few, and a map of them costs more than all walks. */
export type Members = {
  readonly get: (name: string) => JsonMember | undefined
  readonly has: (name: string) => boolean
  readonly keys: () => readonly string[]
  readonly values: () => readonly JsonMember[]
}

export const membersOf = (members: readonly JsonMember[]): Members => {
  const get = (wanted: string): JsonMember | undefined =>
    members.find(({ name }) => name === wanted)
  return {
    get,
    has: (name) => get(name) !== undefined,
    keys: () => members.map(({ name }) => name),
    values: () => members,
  }
}

/** Reads a JSON object strictly; names may occur once at the top. Fails with `invalid`, saying where. */
export const decodeMembers = (text: string): Result<Members> => {
  const reading = readMembers(text, 'at-the-top')
  if (reading.ok) return success(membersOf(reading.members))
  return failed(wrong('', `malformed JSON at character ${reading.offset}: ${reading.problem}`))
}

/**
 * Reads `{"<path>": [...]}` element by element; the problems of an element are reported as `<path>[3].time`.
 * Fails with `invalid`, also for more than `max` elements.
 */
export const decodeList = <T>(
  members: Members,
  path: string,
  max: number,
  decode: (element: string) => Result<T>,
): Result<readonly T[]> => {
  const list = members.get(path)
  if (list === undefined || list.kind === 'null') return failed(missing(path))
  if (list.kind !== 'array') return failed(wrong(path, 'must be an array'))
  const elements = readElements(list.value)
  if (elements.length > max) return failed(wrong(path, `has at most ${max} elements`))
  const decoded: T[] = []
  for (const [index, element] of elements.entries()) {
    const result = decode(element)
    if (!result.ok) return within(`${path}[${index}]`, result)
    decoded.push(result.value)
  }
  return success(decoded)
}

/** A string, or undefined when the member is absent or null; anything else is an issue. */
export const decodeText = (members: Members, path: string, issues: Issue[]): string | undefined => {
  const member = members.get(path)
  if (member === undefined || member.kind === 'null') return undefined
  if (member.kind === 'string') return stringOf(member)
  issues.push({ path, problem: 'wrong', message: 'must be a string' })
  return undefined
}

/** A string with at least one character; its absence is an issue. */
export const decodeMandatoryText = (
  members: Members,
  path: string,
  issues: Issue[],
): string | undefined => {
  const before = issues.length
  const text = decodeText(members, path, issues)
  if (text !== undefined && text !== '') return text
  if (issues.length === before) issues.push({ path, problem: 'missing', message: 'is mandatory' })
  return undefined
}

export const wrong = (path: string, message: string): Invalid => ({
  kind: 'invalid',
  issues: [{ path, problem: 'wrong', message }],
})

export const missing = (path: string): Invalid => ({
  kind: 'invalid',
  issues: [{ path, problem: 'missing', message: 'is mandatory' }],
})

type Invalid = Extract<Failure, { readonly kind: 'invalid' }>

const within = (prefix: string, result: { readonly ok: false; readonly failure: Failure }) => {
  if (result.failure.kind !== 'invalid') return result
  const issues = result.failure.issues.map((issue) => ({
    ...issue,
    path: issue.path === '' ? prefix : `${prefix}.${issue.path}`,
  }))
  return failed({ kind: 'invalid', issues })
}
