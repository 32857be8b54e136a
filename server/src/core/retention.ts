import type { EventFilter } from './event-query.ts'
import { parseManagedObjectId } from './event-id.ts'
import type { RetentionRuleId, TenantId } from './identity.ts'
import { retentionDaysDefault } from './limits.ts'

/** What a rule is about (docs/protocols/cumulocity.md, 6.6). This server keeps events and audit records; `*` is all. */
export const retentionDataTypes = [
  'ALARM',
  'AUDIT',
  'BULK_OPERATION',
  'EVENT',
  'MEASUREMENT',
  'OPERATION',
  '*',
] as const

export type RetentionDataType = (typeof retentionDataTypes)[number]

/** How long data of a kind are kept, counted from their creation. Undefined conditions hold for all. */
export type RetentionRule = {
  readonly tenant: TenantId
  readonly id: RetentionRuleId
  readonly dataType: RetentionDataType
  readonly fragmentType: string | undefined
  readonly type: string | undefined
  /** That object only, not its children. */
  readonly source: string | undefined
  /** Days of 24 hours; 1 to `retentionDaysMax`. */
  readonly maximumAge: number
  /** Whether the tenant itself may change and delete it. */
  readonly editable: boolean
}

export type NewRetentionRule = Omit<RetentionRule, 'id'>

export type RetentionRuleChange = Partial<Omit<RetentionRule, 'tenant' | 'id'>>

/** What a tenant begins with. */
export const defaultRetentionRule = {
  dataType: '*',
  fragmentType: undefined,
  type: undefined,
  source: undefined,
  maximumAge: retentionDaysDefault,
  editable: true,
} as const satisfies Omit<RetentionRule, 'tenant' | 'id'>

/** A run that has carried out all rules of a tenant. */
export type RetentionRun = {
  /** When it began; ages are counted back from here. */
  readonly startedMs: number
  readonly removedEvents: number
  readonly removedRecords: number
}

/** What one rule says is too old, at one moment. Undefined conditions hold for all. */
export type Expiry = {
  readonly fragmentType: string | undefined
  readonly type: string | undefined
  readonly source: string | undefined
  /** Created before this moment. */
  readonly beforeMs: number
}

const dayMs = 24 * 60 * 60 * 1000

type Conditions = Pick<
  RetentionRule,
  'dataType' | 'fragmentType' | 'type' | 'source' | 'maximumAge'
>

/**
 * The events that rules remove: those that any rule covers, so that of rules about the same event the shortest age wins. What
 * another rule covers anyway is left out.
 */
export const expiredEvents = (rules: readonly Conditions[], nowMs: number): readonly Expiry[] =>
  withoutCovered(
    rules
      .filter(({ dataType }) => dataType === 'EVENT' || dataType === '*')
      .map((rule) => toExpiry(rule, nowMs)),
  )

/** Audit records, likewise. They have no fragments to tell them apart: a rule about a fragment is not about them. */
export const expiredRecords = (rules: readonly Conditions[], nowMs: number): readonly Expiry[] =>
  withoutCovered(
    rules
      .filter(({ dataType }) => dataType === 'AUDIT' || dataType === '*')
      .filter(({ fragmentType }) => fragmentType === undefined)
      .map((rule) => toExpiry(rule, nowMs)),
  )

const toExpiry = (rule: Conditions, nowMs: number): Expiry => ({
  fragmentType: rule.fragmentType,
  type: rule.type,
  source: rule.source,
  beforeMs: nowMs - rule.maximumAge * dayMs,
})

/** Of equal ones the first stays. */
const withoutCovered = (expiries: readonly Expiry[]): readonly Expiry[] =>
  expiries.filter(
    (each, at) =>
      !expiries.some(
        (other, otherAt) =>
          otherAt !== at && covers(other, each) && (otherAt < at || !covers(each, other)),
      ),
  )

const covers = (wide: Expiry, narrow: Expiry): boolean =>
  wide.beforeMs >= narrow.beforeMs &&
  conditions.every((name) => wide[name] === undefined || wide[name] === narrow[name])

const conditions = ['fragmentType', 'type', 'source'] as const

/** A source that no object can have matches nothing. */
export const filterOf = ({ fragmentType, type, source, beforeMs }: Expiry): EventFilter => ({
  ...(fragmentType === undefined ? {} : { fragmentType }),
  ...(type === undefined ? {} : { type }),
  ...(source === undefined ? {} : { sources: sourcesNamed(source) }),
  creation: { toMs: beforeMs },
})

const sourcesNamed = (source: string): NonNullable<EventFilter['sources']> => {
  const id = parseManagedObjectId(source)
  return id === undefined ? [] : [id]
}

/** A number of events to add or to take away. */
export type Term = { readonly sign: 1 | -1; readonly expiry: Expiry }

/**
 * Terms whose sum is how many events at least one of these covers, each event once. Undefined when that would take more
 * than `max` of them, or the events that have two fragments, which no filter can ask for.
 */
export const unionTerms = (
  expiries: readonly Expiry[],
  max: number,
): readonly Term[] | undefined => {
  const terms: Term[] = []
  return addTerms(terms, expiries, 1, max) ? terms : undefined
}

/** Each but what those after it cover too. */
const addTerms = (
  terms: Term[],
  expiries: readonly Expiry[],
  sign: Term['sign'],
  max: number,
): boolean => {
  const left = withoutCovered(expiries)
  for (const [at, expiry] of left.entries()) {
    if (terms.length >= max) return false
    terms.push({ sign, expiry })
    const shared = left.slice(at + 1).map((other) => intersect(expiry, other))
    if (shared.includes('two-fragments')) return false
    const overlaps = shared.filter((overlap) => typeof overlap === 'object')
    if (!addTerms(terms, overlaps, sign === 1 ? -1 : 1, max)) return false
  }
  return true
}

const intersect = (left: Expiry, right: Expiry): Expiry | 'two-fragments' | 'nothing' => {
  const isApart = (name: 'type' | 'source' | 'fragmentType'): boolean =>
    left[name] !== undefined && right[name] !== undefined && left[name] !== right[name]
  if (isApart('type') || isApart('source')) return 'nothing'
  if (isApart('fragmentType')) return 'two-fragments'
  return {
    fragmentType: left.fragmentType ?? right.fragmentType,
    type: left.type ?? right.type,
    source: left.source ?? right.source,
    beforeMs: Math.min(left.beforeMs, right.beforeMs),
  }
}
