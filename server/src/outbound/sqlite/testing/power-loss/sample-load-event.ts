import { toManagedObjectId } from '../../../../core/identity.ts'
import type { UniqueEvent } from '../../../../core/event.ts'
import { sampleUnique } from '../../../../ports/event-samples.contract.ts'

/** The type starts with what the key starts with: `a1-7` is of type `a1`. */
export const typeOfKey = (key: string): string => key.split('-')[0] ?? ''

/** Long enough for an event's row to be torn in the middle. */
const filler = 'all of it '.repeat(40)

/** The event that a key stands for, the same at any time. */
export const sampleLoadEvent = (key: string): UniqueEvent =>
  sampleUnique({
    type: typeOfKey(key),
    text: 'first',
    source: toManagedObjectId(1 + (key.length % 5)),
    data: { key, filler },
  })

export const dataOfKey = (key: string): string => JSON.stringify({ key, filler })
