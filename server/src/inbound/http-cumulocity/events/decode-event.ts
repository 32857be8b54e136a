import type { EventDraft } from '../../../core/admit-event.ts'
import { binaryFragments } from '../../../core/attachment.ts'
import type { EventChange } from '../../../core/event.ts'
import { parseManagedObjectId } from '../../../core/event-id.ts'
import { parseEventTime } from '../../../core/event-time.ts'
import type { EventTime } from '../../../core/event-time.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toFragments } from '../../../core/fragments.ts'
import type { Fragments } from '../../../core/fragments.ts'
import { readListed, readMembers, stringOf } from '../../../core/json-text.ts'
import { bulkEventsMax } from '../../../core/limits.ts'
import {
  decodeList,
  decodeMandatoryText,
  decodeMembers,
  decodeText,
  membersOf,
  missing,
  wrong,
} from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** The fields that are no fragments of the sender: set by the server, or with a place of their own (2.1, 3.7). */
const fields: ReadonlySet<string> = new Set([
  'id',
  'self',
  'creationTime',
  'lastUpdated',
  'source',
  'type',
  'time',
  'text',
  ...binaryFragments,
])

/**
 * Reads the body of `POST /event/events`. Fails with `invalid` (every problem at once) and, when the source cannot be
 * an id of this server, with `not-found` (source).
 */
export const decodeEvent = (text: string): Result<EventDraft> => {
  const members = decodeMembers(text)
  return members.ok ? toDraft(members.value) : members
}

/** Reads `{"events": [...]}`: in one pass when all is well, else again, slowly, to say what is not. */
export const decodeEvents = (text: string): Result<readonly EventDraft[]> => {
  const drafts = decodeGoodEvents(text)
  if (drafts !== undefined) return success(drafts)
  const members = decodeMembers(text)
  return members.ok ? decodeList(members.value, 'events', bulkEventsMax, decodeEvent) : members
}

const decodeGoodEvents = (text: string): readonly EventDraft[] | undefined => {
  const drafts: EventDraft[] = []
  for (const members of readListed(text, 'events', bulkEventsMax) ?? []) {
    const draft = toDraft(membersOf(members))
    if (!draft.ok) return undefined
    drafts.push(draft.value)
  }
  return drafts.length > 0 ? drafts : undefined
}

/** Reads the body of `PUT /event/events/{id}`: what cannot change is ignored, as clients send whole events back. */
export const decodeEventChange = (body: string): Result<EventChange> => {
  const members = decodeMembers(body)
  if (!members.ok) return members
  const text = members.value.get('text')
  if (text && text.kind !== 'string') return failed(wrong('text', 'must be a string'))
  return success({
    text: text ? stringOf(text) : undefined,
    fragments: fragmentsOf(members.value),
  })
}

const fragmentsOf = (members: Members): Fragments =>
  toFragments([...members.values()].filter(({ name }) => !fields.has(name)))

const toDraft = (members: Members): Result<EventDraft> => {
  const issues: Issue[] = []
  const sourceId = decodeSourceId(members, issues)
  const type = decodeMandatoryText(members, 'type', issues)
  const time = decodeTime(members, issues)
  const text = decodeEventText(members, issues)
  if (sourceId === undefined || type === undefined || time === undefined || text === undefined) {
    return failed({ kind: 'invalid', issues })
  }
  const source = parseManagedObjectId(sourceId)
  if (source === undefined) return notFound('source', sourceId.slice(0, 100))
  return success({ source, type, text, time, fragments: fragmentsOf(members) })
}

/** `source.id` as text; a number is read too, since some agents send one. */
const decodeSourceId = (members: Members, issues: Issue[]): string | undefined => {
  const source = members.get('source')
  const reading = source?.kind === 'object' ? readMembers(source.value, 'at-the-top') : undefined
  const id = reading?.ok === true ? reading.members.find(({ name }) => name === 'id') : undefined
  if (id?.kind === 'string') return stringOf(id)
  if (id?.kind === 'number') return id.value
  issues.push({ path: 'source', problem: 'missing', message: 'must name its id' })
  return undefined
}

const decodeTime = (members: Members, issues: Issue[]): EventTime | undefined => {
  const text = decodeMandatoryText(members, 'time', issues)
  if (text === undefined) return undefined
  const time = parseEventTime(text)
  if (time === undefined) {
    issues.push({ path: 'time', problem: 'wrong', message: 'must be an ISO 8601 date-time' })
  }
  return time
}

/** `text` must be there and may be empty. */
const decodeEventText = (members: Members, issues: Issue[]): string | undefined => {
  const before = issues.length
  const text = decodeText(members, 'text', issues)
  if (text === undefined && issues.length === before) issues.push(...missing('text').issues)
  return text
}
