import { canonicalNumber } from '../../core/canonical-json.ts'
import { isLongerThan } from '../../core/code-points.ts'
import { failed, invalid, success } from '../../core/failure.ts'
import type { Issue, Result } from '../../core/failure.ts'
import { readMembers, stringOf } from '../../core/json-text.ts'
import type { JsonKind, JsonMember } from '../../core/json-text.ts'
import {
  reportDescriptionLengthMax,
  reportTimeMsMax,
  reportTypeLengthMax,
  severityMax,
  severityMin,
  unknownFieldsToldMax,
} from '../../core/limits.ts'
import type { Report, ReportFields } from '../../usecases/report-event.ts'

/**
 * Reads the body of a report (docs/protocols/tenant-device-events.md, 1). Nothing is coerced. Fails with `invalid` when
 * it is not a JSON object of the strict kind; all problems of its fields together are told in `fields`.
 */
export const decodeReport = (text: string): Result<Report> => {
  const reading = readMembers(text, 'everywhere')
  if (!reading.ok) {
    return invalid('', `malformed JSON at character ${reading.offset}: ${reading.problem}`)
  }
  const members = new Map<string, JsonMember>()
  for (const member of reading.members) members.set(member.name, member)
  const body: Body = { members, issues: [] }
  const fields = decodeFields(body)
  const app = { appId: decodeText(body, 'appId'), appKey: decodeText(body, 'appKey') }
  refuseUnknown(body)
  const { issues } = body
  return success({
    app,
    fields: fields && issues.length === 0 ? success(fields) : failed({ kind: 'invalid', issues }),
  })
}

type Body = {
  readonly members: ReadonlyMap<string, JsonMember>
  readonly issues: Issue[]
}

/** Every field is read, so that every problem is found. */
const decodeFields = (body: Body): ReportFields | undefined => {
  requireAll(body, 'typeId', 'description')
  requireAll(body, body.members.has('appKey') ? 'appKey' : 'appId', 'severity', 'data', 'timestamp')
  const type = decodeType(body)
  const text = decodeDescription(body)
  const severity = decodeSeverity(body)
  const data = memberOf(body, 'data', 'object')?.value
  const timeMs = decodeTimestamp(body)
  if (type === undefined || text === undefined || severity === undefined) return undefined
  if (data === undefined || timeMs === undefined) return undefined
  return { type, text, severity, data, timeMs }
}

const requireAll = ({ members, issues }: Body, ...paths: readonly string[]): void => {
  for (const path of paths) {
    if (!members.has(path)) issues.push({ path, problem: 'missing', message: 'is required' })
  }
}

const blank = /[\s\p{White_Space}\p{Cc}]/u

const decodeType = (body: Body): string | undefined => {
  const type = decodeText(body, 'typeId')
  if (type === undefined) return undefined
  const fits = type !== '' && !isLongerThan(type, reportTypeLengthMax)
  if (fits && !blank.test(type)) return type
  const rule = `must have 1 to ${reportTypeLengthMax} characters`
  refuse(body, 'typeId', `${rule}, none of them white space or a control character`)
  return undefined
}

const decodeDescription = (body: Body): string | undefined => {
  const text = decodeText(body, 'description')
  if (text === undefined || !isLongerThan(text, reportDescriptionLengthMax)) return text
  refuse(body, 'description', `must have at most ${reportDescriptionLengthMax} characters`)
  return undefined
}

const decodeSeverity = (body: Body): string | undefined => {
  const value = decodeInteger(body, 'severity', severityMin, severityMax)
  return value === undefined ? undefined : String(value)
}

/** A time in seconds is a valid time in January 1970: it is not guessed, only told as a skewed clock. */
const decodeTimestamp = (body: Body): number | undefined =>
  decodeInteger(body, 'timestamp', 0, reportTimeMsMax)

const decodeInteger = (body: Body, path: string, min: number, max: number): number | undefined => {
  const literal = memberOf(body, path, 'number')?.value
  if (literal === undefined) return undefined
  const value = integerOf(literal)
  if (value !== undefined && value >= min && value <= max) return value
  refuse(body, path, `must be an integer from ${min} to ${max}`)
  return undefined
}

/** No JSON number begins with zeros, and up to 15 digits are exact as a double. */
const plainInteger = /^\d{1,15}$/

/** By exact value, however it is spelled: `3.0` and `30e-1` are 3, and nothing that is only near 3 is. */
const integerOf = (literal: string): number | undefined => {
  if (plainInteger.test(literal)) return Number(literal)
  const value = Number(literal) + 0
  const isExact =
    Number.isSafeInteger(value) && canonicalNumber(literal) === canonicalNumber(String(value))
  return isExact ? value : undefined
}

const decodeText = (body: Body, path: string): string | undefined => {
  const member = memberOf(body, path, 'string')
  return member === undefined ? undefined : stringOf(member)
}

/** The member if it is there and of this kind; absence is told by `requireAll`. */
const memberOf = (body: Body, path: string, kind: JsonKind): JsonMember | undefined => {
  const member = body.members.get(path)
  if (member === undefined || member.kind === kind) return member
  refuse(body, path, `must be ${articles[kind]} ${kind}`)
  return undefined
}

const articles: Readonly<Record<JsonKind, string>> = {
  object: 'an',
  array: 'an',
  string: 'a',
  number: 'a',
  boolean: 'a',
  null: '',
}

const refuse = ({ issues }: Body, path: string, message: string): void => {
  issues.push({ path, problem: 'wrong', message })
}

const knownFields: ReadonlySet<string> = new Set([
  'typeId',
  'description',
  'appId',
  'appKey',
  'severity',
  'data',
  'timestamp',
])

const refuseUnknown = (body: Body): void => {
  let known = 0
  for (const name of knownFields) if (body.members.has(name)) known += 1
  if (known < body.members.size) tellUnknown(body)
}

const tellUnknown = (body: Body): void => {
  const unknown = [...body.members.keys()].filter((name) => !knownFields.has(name))
  for (const name of unknown.slice(0, unknownFieldsToldMax)) {
    refuse(body, [...name].slice(0, 80).join(''), 'is not a known field')
  }
  const untold = unknown.length - unknownFieldsToldMax
  if (untold > 0) refuse(body, '', `${untold} more fields are not known`)
}
