import type { RetentionRule } from '../../../core/retention.ts'

/** A retention rule (docs/protocols/cumulocity.md, 6.6). */
export const encodeRetentionRule = (
  rule: RetentionRule,
  base: string,
): Record<string, unknown> => ({
  id: String(rule.id),
  self: retentionRuleUrl(rule, base),
  dataType: rule.dataType,
  fragmentType: rule.fragmentType ?? '*',
  type: rule.type ?? '*',
  source: rule.source ?? '*',
  maximumAge: rule.maximumAge,
  editable: rule.editable,
})

export const retentionRuleUrl = ({ id }: Pick<RetentionRule, 'id'>, base: string): string =>
  `${base}/retention/retentions/${id}`
