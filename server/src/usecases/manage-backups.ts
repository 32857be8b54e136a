import type { Principal } from '../core/access.ts'
import type { Backup } from '../core/backup.ts'
import { failed, type Result } from '../core/failure.ts'
import type { Backups } from '../ports/backups.ts'
import { mayOperate } from './administer.ts'

/**
 * Backups are for operators, and only for those on the machine of the server: a path means something there, and what lies
 * in a backup, which is everything of every tenant, does not pass through the hands of whoever asked for it. Each verb
 * fails with `forbidden` for everybody else, before it looks anything up.
 */
export type ManageBackups = {
  /** Fails like `Backups.begin`. */
  readonly begin: (caller: BackupCaller, folder: string) => Promise<Result<Backup>>
  /** Fails with `not-found` (backup). */
  readonly read: (caller: BackupCaller, id: string) => Promise<Result<Backup>>
}

export type BackupCaller = { readonly principal: Principal; readonly isLocal: boolean }

export const createManageBackups = (backups: Backups): ManageBackups => ({
  begin: async (caller, folder) => {
    const allowed = mayBackUp(caller)
    return allowed.ok ? backups.begin(folder) : allowed
  },
  read: async (caller, id) => {
    const allowed = mayBackUp(caller)
    return allowed.ok ? backups.read(id) : allowed
  },
})

const mayBackUp = ({ principal, isLocal }: BackupCaller): Result<void> => {
  const allowed = mayOperate(principal)
  if (!allowed.ok) return allowed
  return isLocal ? allowed : failed({ kind: 'forbidden', reason: 'address' })
}
