import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Backup } from '../core/backup.ts'
import type { Backups } from './backups.ts'
import { valueOf } from './event-samples.contract.ts'

/** A folder that is not there yet. */
const newPath = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'belfry-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'backup')
}

const deadlineMs = 30_000

/** What everything that takes backups promises, negative cases first. */
export const backupsContract = (name: string, open: () => Backups): void => {
  describe(`backups: ${name}`, () => {
    const ended = async (backups: Backups, { id }: Backup): Promise<Backup> => {
      for (const endMs = Date.now() + deadlineMs; Date.now() < endMs;) {
        const found = valueOf(await backups.read(id))
        if (found.state.kind !== 'running') return found
        await new Promise(setImmediate)
      }
      throw new Error(`not ended within ${deadlineMs} ms`)
    }

    it('a folder that is no absolute path, or is in use, is refused', async () => {
      const backups = open()
      expect(await backups.begin('here')).toMatchObject({ failure: { kind: 'invalid' } })
      const path = newPath()
      await ended(backups, valueOf(await backups.begin(path)))
      expect(await backups.begin(path)).toMatchObject({ failure: { kind: 'invalid' } })
      await backups.close()
    })

    it('nobody knows a backup that was not taken', async () => {
      const backups = open()
      const failure = { kind: 'not-found', what: 'backup', id: '1' }
      expect(await backups.read('1')).toEqual({ ok: false, failure })
      await backups.close()
    })

    it('one that was begun is running, then done', async () => {
      const backups = open()
      const path = newPath()
      const begun = valueOf(await backups.begin(path))
      expect(begun).toMatchObject({ folder: path, state: { kind: 'running' } })
      expect(await ended(backups, begun)).toMatchObject({ id: begun.id, state: { kind: 'done' } })
      await backups.close()
    })

    it('nothing is begun after the end', async () => {
      const backups = open()
      await backups.close()
      const failure = { kind: 'unavailable', reason: 'stopping' }
      expect(await backups.begin(newPath())).toMatchObject({ failure })
    })
  })
}
