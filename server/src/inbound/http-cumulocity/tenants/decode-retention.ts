import { parseId } from '../../../core/event-id.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toRetentionRuleId } from '../../../core/identity.ts'
import type { RetentionRuleId } from '../../../core/identity.ts'
import { defaultRetentionRule, retentionDataTypes } from '../../../core/retention.ts'
import type { RetentionDataType, RetentionRuleChange } from '../../../core/retention.ts'
import type { RetentionDraft } from '../../../usecases/manage-retention.ts'
import { decodeMembers, decodeText, missing } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** Fails with `not-found` (retention-rule) for what is no number. */
export const decodeRetentionRuleId = (text: string): Result<RetentionRuleId> => {
  const id = parseId(text)
  return id === undefined ? notFound('retention-rule', text) : success(toRetentionRuleId(id))
}

/** Reads the body of `POST /retention/retentions`. Fails with `invalid`, every problem at once. */
export const decodeRetention = (text: string): Result<RetentionDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const change = readRule(members.value, issues)
  const { maximumAge } = change
  if (maximumAge === undefined && !issues.some(({ path }) => path === 'maximumAge')) {
    issues.push(...missing('maximumAge').issues)
  }
  if (maximumAge === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ ...defaultRetentionRule, ...change, maximumAge })
}

/** Reads the body of `PUT`: what is left out stays as it is. Fails with `invalid`. */
export const decodeRetentionUpdate = (text: string): Result<RetentionRuleChange> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const change = readRule(members.value, issues)
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(change)
}

const readRule = (members: Members, issues: Issue[]): RetentionRuleChange => {
  const dataType = decodeDataType(members, issues)
  const maximumAge = decodeNumber(members, issues)
  const editable = decodeFlag(members, issues)
  return {
    ...(dataType === undefined ? {} : { dataType }),
    ...decodeCondition(members, 'fragmentType', issues),
    ...decodeCondition(members, 'type', issues),
    ...decodeCondition(members, 'source', issues),
    ...(maximumAge === undefined ? {} : { maximumAge }),
    ...(editable === undefined ? {} : { editable }),
  }
}

const decodeDataType = (members: Members, issues: Issue[]): RetentionDataType | undefined => {
  const text = decodeText(members, 'dataType', issues)
  const dataType = retentionDataTypes.find((known) => known === text)
  if (text !== undefined && dataType === undefined) {
    const message = `must be one of ${retentionDataTypes.join(', ')}`
    issues.push({ path: 'dataType', problem: 'wrong', message })
  }
  return dataType
}

/** `*` and an empty text are for any; nothing is left as it is. */
const decodeCondition = (
  members: Members,
  path: 'fragmentType' | 'type' | 'source',
  issues: Issue[],
): RetentionRuleChange => {
  const text = decodeText(members, path, issues)
  if (text === undefined) return {}
  return { [path]: text === '*' || text === '' ? undefined : text }
}

const decodeNumber = (members: Members, issues: Issue[]): number | undefined => {
  const member = members.get('maximumAge')
  if (member === undefined || member.kind === 'null') return undefined
  if (member.kind === 'number') return Number(member.value)
  issues.push({ path: 'maximumAge', problem: 'wrong', message: 'must be a number of days' })
  return undefined
}

const decodeFlag = (members: Members, issues: Issue[]): boolean | undefined => {
  const member = members.get('editable')
  if (member === undefined || member.kind === 'null') return undefined
  if (member.value === 'true' || member.value === 'false') return member.value === 'true'
  issues.push({ path: 'editable', problem: 'wrong', message: 'must be true or false' })
  return undefined
}
