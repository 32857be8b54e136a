import { isLongerThan } from './code-points.ts'
import { digestEvent } from './event-digest.ts'
import { failed, success } from './failure.ts'
import { fragmentIssues } from './fragments.ts'
import { typeLengthMax } from './limits.ts'
import type { AdmittedEvent } from './event.ts'
import type { Issue, Result } from './failure.ts'

/** What a decoder has read: every mandatory field is there and has its type. */
export type EventDraft = Omit<AdmittedEvent, 'digest'>

/** Judges a draft by the rules that hold in every dialect. Reports all problems at once. */
export const admitEvent = (draft: EventDraft): Result<AdmittedEvent> => {
  const issues = [...typeIssues(draft.type), ...fragmentIssues(draft.fragments)]
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const { source, type, text, time, fragments } = draft
  const digest = digestEvent(text, fragments)
  return success({ source, type, text, time, fragments, digest })
}

const typeIssues = (type: string): readonly Issue[] =>
  isLongerThan(type, typeLengthMax)
    ? [{ path: 'type', problem: 'wrong', message: `has at most ${typeLengthMax} characters` }]
    : []
