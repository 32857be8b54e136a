/** What dependency-cruiser found, as far as the checks look at it. */
export type ArrowReport = {
  readonly violations: readonly { readonly rule: string; readonly from: string }[]
  readonly rules: readonly { readonly name: string; readonly comment: string }[]
}

type Raw = {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly rule: { readonly name: string }
    }[]
    readonly ruleSetUsed: { readonly forbidden: ArrowReport['rules'] }
  }
}

/** Reads the report that `depcruise --output-type json` prints. */
export const decodeArrowReport = (text: string): ArrowReport => {
  const { summary } = JSON.parse(text) as Raw
  return {
    violations: summary.violations.map(({ from, rule }) => ({ from, rule: rule.name })),
    rules: summary.ruleSetUsed.forbidden,
  }
}
