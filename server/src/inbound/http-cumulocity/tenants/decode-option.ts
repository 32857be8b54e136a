import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { optionsMax } from '../../../core/limits.ts'
import { stringOf } from '../../../core/json-text.ts'
import type { TenantOption } from '../../../core/tenant-option.ts'
import {
  decodeMandatoryText,
  decodeMembers,
  decodeText,
  missing,
  wrong,
} from '../ground/decode-members.ts'

/** Reads `{"category", "key", "value"}`. Fails with `invalid`, every problem at once. */
export const decodeOption = (text: string): Result<TenantOption> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const category = decodeMandatoryText(members.value, 'category', issues)
  const key = decodeMandatoryText(members.value, 'key', issues)
  const value = decodeText(members.value, 'value', issues)
  if (value === undefined && issues.every(({ path }) => path !== 'value')) {
    issues.push(...missing('value').issues)
  }
  if (category === undefined || key === undefined || value === undefined) {
    return failed({ kind: 'invalid', issues })
  }
  return success({ category, key, value })
}

/** Reads `{"value"}`. Fails with `invalid`. */
export const decodeOptionValue = (text: string): Result<string> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const value = members.value.get('value')
  if (value === undefined || value.kind === 'null') return failed(missing('value'))
  return value.kind === 'string'
    ? success(stringOf(value))
    : failed(wrong('value', 'must be a string'))
}

/** Reads the options of a category, `{"<key>": "<value>"}`. Fails with `invalid`, every problem at once. */
export const decodeOptionsOf = (
  category: string,
  text: string,
): Result<readonly TenantOption[]> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const sent = members.value.values()
  if (sent.length > optionsMax) return failed(wrong('', `has at most ${optionsMax} options`))
  const issues = sent
    .filter(({ kind }) => kind !== 'string')
    .flatMap(({ name }) => wrong(name, 'must be a string').issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success(sent.map((each) => ({ category, key: each.name, value: stringOf(each) })))
}
