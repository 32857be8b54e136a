import type { EventChange } from './event.ts'
import { invalid, success } from './failure.ts'
import type { Result } from './failure.ts'
import { fitsOneBody, mergeFragments, outgrown } from './fragments.ts'
import type { Fragments } from './fragments.ts'

/** The part of an event that a partial update may touch. */
export type Changeable = { readonly text: string; readonly fragments: Fragments }

/**
 * Puts a partial update into force. An event must not outgrow by many small updates what one creation
 * may hold: fails with `invalid` beyond `fragmentsMax`, or beyond the size of the largest body.
 */
export const changeEvent = (old: Changeable, change: EventChange): Result<Changeable> => {
  const fragments = mergeFragments(old.fragments, change.fragments)
  const text = change.text ?? old.text
  return fitsOneBody(fragments, text.length)
    ? success({ text, fragments })
    : invalid('', outgrown('an event'))
}
