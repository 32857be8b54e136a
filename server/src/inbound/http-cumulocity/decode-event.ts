import type { EventDraft } from '../../core/admit-event.ts'
import type { EventChange } from '../../core/event.ts'
import { parseManagedObjectId } from '../../core/event-id.ts'
import { parseEventTime } from '../../core/event-time.ts'
import { failed, notFound, success } from '../../core/failure.ts'
import type { Issue, Result } from '../../core/failure.ts'
import { toFragments } from '../../core/fragments.ts'
import { readElements, readMembers } from '../../core/json-text.ts'
import type { JsonMember } from '../../core/json-text.ts'
import { bulkEventsMax } from '../../core/limits.ts'

/** Fields that the server sets, or that only a creation may set: they are never fragments (2.1). */
const serverFields: ReadonlySet<string> = new Set(['id', 'self', 'creationTime', 'lastUpdated'])
const creationFields: ReadonlySet<string> = new Set(['type', 'time', 'source'])

/**
 * Reads the body of `POST /event/events`. Fails with `invalid` (every problem at once) and, when the source cannot be
 * an id of this server, with `not-found` (source).
 */
export const decodeEvent = (text: string): Result<EventDraft> => {
  const members = decodeMembers(text)
  return members.ok ? toDraft(members.value) : members
}

/** Reads `{"events": [...]}`; the problems of an element are reported as `events[3].time`. */
export const decodeEvents = (text: string): Result<readonly EventDraft[]> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const list = members.value.find(({ name }) => name === 'events')
  if (list?.kind !== 'array') return failed(missing('events'))
  const drafts: EventDraft[] = []
  const elements = readElements(list.value)
  if (elements.length > bulkEventsMax) return failed(wrong('events', `at most ${bulkEventsMax}`))
  for (const [index, element] of elements.entries()) {
    const draft = decodeEvent(element)
    if (!draft.ok) return within(`events[${index}]`, draft)
    drafts.push(draft.value)
  }
  return success(drafts)
}

/** Reads the body of `PUT /event/events/{id}`: what cannot change is ignored, as clients send whole events back. */
export const decodeEventChange = (text: string): Result<EventChange> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const change = members.value.find(({ name }) => name === 'text')
  if (change && change.kind !== 'string') return failed(wrong('text', 'must be a string'))
  const fragments = members.value.filter(
    ({ name }) => name !== 'text' && !serverFields.has(name) && !creationFields.has(name),
  )
  return success({
    text: change ? decodeString(change) : undefined,
    fragments: toFragments(fragments),
  })
}

/** Reads a JSON object strictly; names may occur once at the top. Fails with `invalid`, saying where. */
export const decodeMembers = (text: string): Result<readonly JsonMember[]> => {
  const reading = readMembers(text, 'at-the-top')
  if (reading.ok) return success(reading.members)
  return failed(wrong('', `malformed JSON at character ${reading.offset}: ${reading.problem}`))
}

/** The value of a member whose kind is `string`. */
export const decodeString = (member: JsonMember): string => JSON.parse(member.value) as string

const toDraft = (members: readonly JsonMember[]): Result<EventDraft> => {
  const byName = new Map(members.map((member) => [member.name, member]))
  const issues: Issue[] = []
  const sourceId = decodeSourceId(byName.get('source'), issues)
  const type = decodeText(byName, 'type', issues)
  const timeText = decodeText(byName, 'time', issues)
  const text = decodeText(byName, 'text', issues)
  const time = timeText === undefined ? undefined : parseEventTime(timeText)
  if (timeText !== undefined && time === undefined) {
    issues.push({ path: 'time', problem: 'wrong', message: 'must be an ISO 8601 date-time' })
  }
  if (issues.length > 0 || sourceId === undefined || !time)
    return failed({ kind: 'invalid', issues })
  if (type === undefined || text === undefined) return failed({ kind: 'invalid', issues })
  const source = parseManagedObjectId(sourceId)
  if (source === undefined) return notFound('source', sourceId.slice(0, 100))
  return success({ source, type, text, time, fragments: toFragments(members.filter(isFragment)) })
}

const isFragment = ({ name }: JsonMember): boolean =>
  name !== 'text' && !serverFields.has(name) && !creationFields.has(name)

/** A mandatory string; `type` and `time` must not be empty, `text` may be. */
const decodeText = (
  members: ReadonlyMap<string, JsonMember>,
  path: 'type' | 'time' | 'text',
  issues: Issue[],
): string | undefined => {
  const member = members.get(path)
  if (member === undefined || member.kind === 'null') {
    issues.push({ path, problem: 'missing', message: 'is mandatory' })
    return undefined
  }
  if (member.kind !== 'string') {
    issues.push({ path, problem: 'wrong', message: 'must be a string' })
    return undefined
  }
  const value = decodeString(member)
  if (value !== '' || path === 'text') return value
  issues.push({ path, problem: 'missing', message: 'is mandatory' })
  return undefined
}

/** `source.id` as text; a number is read too, since some agents send one. */
const decodeSourceId = (source: JsonMember | undefined, issues: Issue[]): string | undefined => {
  const reading = source?.kind === 'object' ? readMembers(source.value, 'at-the-top') : undefined
  const id = reading?.ok === true ? reading.members.find(({ name }) => name === 'id') : undefined
  if (id?.kind === 'string') return decodeString(id)
  if (id?.kind === 'number') return id.value
  issues.push({ path: 'source', problem: 'missing', message: 'must name its id' })
  return undefined
}

const wrong = (path: string, message: string): { kind: 'invalid'; issues: readonly Issue[] } => ({
  kind: 'invalid',
  issues: [{ path, problem: 'wrong', message }],
})

const missing = (path: string): { kind: 'invalid'; issues: readonly Issue[] } => ({
  kind: 'invalid',
  issues: [{ path, problem: 'missing', message: 'is mandatory' }],
})

const within = (prefix: string, result: Result<never>): Result<never> => {
  if (result.ok || result.failure.kind !== 'invalid') return result
  const issues = result.failure.issues.map((issue) => ({
    ...issue,
    path: issue.path === '' ? prefix : `${prefix}.${issue.path}`,
  }))
  return failed({ kind: 'invalid', issues })
}
