import { failed, success } from './failure.ts'
import type { Issue, Result } from './failure.ts'
import { fragmentIssues } from './fragments.ts'
import type { Fragments } from './fragments.ts'
import { externalIdLengthMax, typeLengthMax } from './limits.ts'
import type { ExternalId } from './managed-object.ts'

/** What a creation and a change have in common. */
type Judged = {
  readonly type: string | null | undefined
  readonly fragments: Fragments
  readonly externalIds?: readonly ExternalId[]
}

/** Judges a new or changed object by the rules that hold however it came. Reports all problems at once. */
export const admitManagedObject = <T extends Judged>(object: T): Result<T> => {
  const issues = [
    ...lengthIssues('type', object.type ?? '', typeLengthMax),
    ...fragmentIssues(object.fragments),
    ...(object.externalIds ?? []).flatMap(externalIdIssues),
  ]
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(object)
}

/** Judges a pair alone. */
export const admitExternalId = (externalId: ExternalId): Result<ExternalId> => {
  const issues = externalIdIssues(externalId)
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(externalId)
}

const externalIdIssues = ({ type, externalId }: ExternalId): readonly Issue[] => [
  ...lengthIssues('type', type, externalIdLengthMax),
  ...lengthIssues('externalId', externalId, externalIdLengthMax),
]

const lengthIssues = (path: string, text: string, max: number): readonly Issue[] =>
  text.length > max && [...text].length > max
    ? [{ path, problem: 'wrong', message: `has at most ${max} characters` }]
    : []
