import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { externalIdsMax } from '../../../core/limits.ts'
import type { ExternalId } from '../../../core/managed-object.ts'
import { decodeList, decodeMandatoryText, decodeMembers } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** Reads `{"type": "c8y_Serial", "externalId": "…"}`; everything else in it is ignored (6.2). */
export const decodeExternalId = (text: string): Result<ExternalId> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const type = decodeMandatoryText(members.value, 'type', issues)
  const externalId = decodeMandatoryText(members.value, 'externalId', issues)
  if (type === undefined || externalId === undefined) return failed({ kind: 'invalid', issues })
  return success({ type, externalId })
}

/** Reads the member `externalIds`. */
export const decodeExternalIds = (members: Members): Result<readonly ExternalId[]> =>
  decodeList(members, 'externalIds', externalIdsMax, decodeExternalId)
