import type { RetentionRun } from '../../core/retention.ts'
import type { RetentionProgress } from '../../usecases/carry-out-retention.ts'
import type { Removable, RetentionPreview } from '../../usecases/preview-retention.ts'

/** Totals that would take too long to count are left out. */
export const encodePreview = ({ rules, total, lastRun }: RetentionPreview) => ({
  rules: rules.map(({ rule, removable }) => ({
    id: String(rule.id),
    dataType: rule.dataType,
    fragmentType: rule.fragmentType ?? '*',
    type: rule.type ?? '*',
    source: rule.source ?? '*',
    maximumAge: rule.maximumAge,
    ...encodeRemovable(removable),
  })),
  total: encodeRemovable(total),
  lastRun: lastRun && encodeRun(lastRun),
})

export const encodeRemovable = ({ events, records }: Removable) => ({
  events,
  auditRecords: records,
})

export const encodeProgress = ({ isComplete, ...run }: RetentionProgress) => ({
  ...encodeRun(run),
  complete: isComplete,
})

const encodeRun = ({ startedMs, removedEvents, removedRecords }: RetentionRun) => ({
  started: new Date(startedMs).toISOString(),
  removedEvents,
  removedAuditRecords: removedRecords,
})
