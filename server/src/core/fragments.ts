import { firstCodePoints, isLongerThan } from './code-points.ts'
import { cumulocityBodyBytesMax, fragmentNameLengthMax, fragmentsMax } from './limits.ts'
import type { Issue } from './failure.ts'
import type { JsonMember } from './json-text.ts'

/**
 * The open part of an event or managed object: top-level members with the sender's own JSON text,
 * so that `1.50`, 2^53 + 1 and `null` come back as they were sent.
 */
export type Fragments = readonly Fragment[]

export type Fragment = {
  readonly name: string
  /** The value's JSON text as sent. */
  readonly value: string
}

const forbiddenInNames = /[\s.,*[\]()@$/']/u

/** Judges names and numbers of fragments (docs/protocols/cumulocity.md, 2.3). */
export const fragmentIssues = (fragments: Fragments): readonly Issue[] => {
  // Without a look at the names: a hostile body could have millions of bad ones.
  if (fragments.length > fragmentsMax) {
    return [{ path: '', problem: 'wrong', message: `more than ${fragmentsMax} fragments` }]
  }
  const issues: Issue[] = []
  for (const { name } of fragments) {
    const message = nameProblem(name)
    if (message === undefined) continue
    issues.push({ path: firstCodePoints(name, toldNameLength), problem: 'wrong', message })
  }
  return issues
}

const toldNameLength = 80

const nameProblem = (name: string): string | undefined => {
  if (name === '') return 'a fragment needs a name'
  if (isLongerThan(name, fragmentNameLengthMax)) {
    return `a fragment's name has at most ${fragmentNameLengthMax} characters`
  }
  return forbiddenInNames.test(name)
    ? "a fragment's name must not contain white space or any of . , * [ ] ( ) @ $ / '"
    : undefined
}

export const toFragments = (members: readonly JsonMember[]): Fragments =>
  members.map(({ name, value }) => ({ name, value }))

/** The members as they stand inside an object: `"a":1,"b":{}`; empty when there are none. */
export const encodeFragments = (fragments: Fragments): string => {
  let text = ''
  for (const { name, value } of fragments) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${value}`
  }
  return text
}

/** A partial update at top level (2.1): named fragments are replaced whole, `null` removes. */
export const mergeFragments = (old: Fragments, change: Fragments): Fragments => {
  const merged = new Map(old.map((fragment) => [fragment.name, fragment]))
  for (const fragment of change) {
    if (fragment.value === 'null') merged.delete(fragment.name)
    else merged.set(fragment.name, fragment)
  }
  return [...merged.values()]
}

/** Whether fragments, and the characters of what stands beside them, could have come in one creation. */
export const fitsOneBody = (fragments: Fragments, otherCharacters: number): boolean =>
  fragments.length <= fragmentsMax &&
  fragments.reduce((sum, { value }) => sum + value.length, otherCharacters) <=
    cumulocityBodyBytesMax

export const outgrown = (noun: string): string =>
  `${noun} has at most ${fragmentsMax} fragments and ${cumulocityBodyBytesMax} characters`

/** Whether a fragment is a string equal to `text`; numbers and objects never are (3.2). */
export const isFragmentValue = (value: string, text: string): boolean =>
  value.startsWith('"') && JSON.parse(value) === text
