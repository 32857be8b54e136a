import type { NewDeviceRequest } from '../../../core/device-request.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { decodeMandatoryText, decodeMembers, decodeText } from '../ground/decode-members.ts'

/** Reads the body of `POST /devicecontrol/newDeviceRequests`. Fails with `invalid`, every problem at once. */
export const decodeDeviceRequest = (text: string): Result<Omit<NewDeviceRequest, 'tenant'>> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const id = decodeMandatoryText(members.value, 'id', issues)
  const type = decodeText(members.value, 'type', issues)
  const groupId = decodeText(members.value, 'groupId', issues)
  if (id === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ id, type, groupId })
}

/** Reads `{"status": "ACCEPTED", "securityToken"?}`. Fails with `invalid`, also for every other status. */
export const decodeAcceptance = (text: string): Result<{ readonly token: string | undefined }> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const state = decodeMandatoryText(members.value, 'status', issues)
  const token = decodeText(members.value, 'securityToken', issues)
  if (state !== undefined && state !== 'ACCEPTED') {
    issues.push({ path: 'status', problem: 'wrong', message: 'must be ACCEPTED' })
  }
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success({ token })
}

/** Reads `{"id", "securityToken"?}`. Fails with `invalid`. */
export const decodeDeviceQuestion = (
  text: string,
): Result<{ readonly id: string; readonly token: string | undefined }> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const id = decodeMandatoryText(members.value, 'id', issues)
  const token = decodeText(members.value, 'securityToken', issues)
  if (id === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ id, token })
}
