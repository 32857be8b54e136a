/** The option that says which pages may call (docs/protocols/cumulocity.md, 9.1). */
export const originOption = { category: 'access.control', key: 'allow.origin' } as const

/**
 * What a browser is told about the page that calls: `anyone` may, without cookies; `this-one` may, with cookies;
 * `nobody`: the page learns nothing of the answer.
 */
export type OriginVerdict = 'anyone' | 'this-one' | 'nobody'

/**
 * `allowed` is the option's value: `*`, or origins with commas or spaces between them; undefined means `*`. A named origin
 * is a page that the tenant trusts with its users' cookies. A page without an origin of its own (`null`) can't be named.
 */
export const judgeOrigin = (allowed: string | undefined, origin: string): OriginVerdict => {
  const wanted = withoutEnd(origin)
  const entries = (allowed ?? '*').split(/[\s,]+/).map(withoutEnd)
  if (wanted !== 'null' && entries.includes(wanted)) return 'this-one'
  return entries.includes('*') ? 'anyone' : 'nobody'
}

const withoutEnd = (origin: string): string => origin.toLowerCase().replace(/\/$/, '')
