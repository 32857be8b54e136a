import { appKinds } from '../../../core/account.ts'
import type { AppChange, AppKind } from '../../../core/account.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import type { ApplicationDraft } from '../../../usecases/manage-applications.ts'
import { decodeMandatoryText, decodeMembers, decodeText } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** Reads `{"key", "name", "type", "contextPath"?}`; hosted ones need the last. Fails with `invalid`, every problem at once. */
export const decodeApplication = (text: string): Result<ApplicationDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const key = decodeMandatoryText(members.value, 'key', issues)
  const name = decodeMandatoryText(members.value, 'name', issues)
  const kind = decodeKind(members.value, issues)
  const contextPath =
    kind === 'HOSTED'
      ? decodeMandatoryText(members.value, 'contextPath', issues)
      : decodeText(members.value, 'contextPath', issues)
  if (key === undefined || name === undefined || kind === undefined || issues.length > 0) {
    return failed({ kind: 'invalid', issues })
  }
  return success({ key, name, kind, contextPath })
}

const decodeKind = (members: Members, issues: Issue[]): AppKind | undefined => {
  const path = 'type'
  const type = decodeMandatoryText(members, path, issues)
  const kind = appKinds.find((known) => known === type)
  if (type !== undefined && kind === undefined) {
    issues.push({ path, problem: 'wrong', message: `must be one of ${appKinds.join(', ')}` })
  }
  return kind
}

/** Reads a partial update; `type` and the rest cannot change and are ignored. Fails with `invalid`. */
export const decodeApplicationUpdate = (text: string): Result<AppChange> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const sent = (['name', 'key', 'contextPath'] as const).flatMap((path) => {
    const value = decodeText(members.value, path, issues)
    return value === undefined ? [] : [[path, value] as const]
  })
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success(Object.fromEntries(sent))
}
