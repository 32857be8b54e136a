import { isDiskFull, isStorageError } from '../../storage-error.ts'
import { describeCause } from '../../thread-messages.ts'
import { rewritePart, sealPart } from './build-part.ts'
import { matchPart } from './match-part.ts'
import { mergeParts } from './merge-parts.ts'
import { unlinkParts } from './part-folder.ts'
import { siftPart } from '../duplicates/sift-part.ts'
import type { JanitorAnswer, JanitorTask } from '../between-threads/janitor-messages.ts'

/**
 * Does the janitor's tasks in a data folder, each from nothing but the files as they are. What the storage refuses is
 * an answer, and leaves nothing behind; anything else that goes wrong is a bug and throws.
 */
export const createJanitor =
  (folder: string): ((task: JanitorTask) => JanitorAnswer) =>
  (task) => {
    try {
      return carryOut(folder, task)
    } catch (error) {
      if (!isStorageError(error)) throw error
      return { kind: 'refused', isFull: isDiskFull(error), cause: describeCause(error) }
    }
  }

const carryOut = (folder: string, task: JanitorTask): JanitorAnswer => {
  switch (task.kind) {
    case 'seal':
      return { kind: 'built', ...sealPart({ folder, bytesMax: task.bytesMax }, task.part) }
    case 'rewrite':
      return {
        kind: 'built',
        ...rewritePart({ folder, bytesMax: task.bytesMax }, task),
      }
    case 'merge':
      return {
        kind: 'built',
        ...mergeParts({ folder, bytesMax: task.bytesMax }, task.parts, task.into),
      }
    case 'match':
      return { kind: 'matched', matches: matchPart(folder, task) }
    case 'sift':
      return { kind: 'sifted', part: task.part, filter: siftPart(folder, task.part) }
    case 'unlink':
      unlinkParts(folder, task.parts)
      return { kind: 'unlinked' }
  }
}
