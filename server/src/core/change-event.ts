import type { EventChange } from './event.ts'
import { invalid, success } from './failure.ts'
import type { Result } from './failure.ts'
import { mergeFragments } from './fragments.ts'
import type { Fragments } from './fragments.ts'
import { cumulocityBodyBytesMax, fragmentsMax } from './limits.ts'

/** The part of an event that a partial update may touch. */
export type Changeable = { readonly text: string; readonly fragments: Fragments }

/**
 * Puts a partial update into force. An event must not outgrow by many small updates what one creation
 * may hold: fails with `invalid` beyond `fragmentsMax`, or beyond the size of the largest body.
 */
export const changeEvent = (old: Changeable, change: EventChange): Result<Changeable> => {
  const fragments = mergeFragments(old.fragments, change.fragments)
  const text = change.text ?? old.text
  if (fragments.length > fragmentsMax) {
    return invalid('', `an event has at most ${fragmentsMax} fragments`)
  }
  const characters = fragments.reduce((sum, { value }) => sum + value.length, text.length)
  return characters > cumulocityBodyBytesMax
    ? invalid('', `an event has at most ${cumulocityBodyBytesMax} characters`)
    : success({ text, fragments })
}
