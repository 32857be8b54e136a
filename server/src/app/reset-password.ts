import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { admitUser } from '../core/admit-user.ts'
import type { Failure } from '../core/failure.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import { openSqliteStores } from '../outbound/sqlite/open-stores.ts'
import { registryFile } from '../outbound/sqlite/database-files.ts'
import { createSystemClock } from '../outbound/system/clock.ts'
import { createScryptPasswords } from '../outbound/system/passwords.ts'
import { createPrometheusMeter } from '../outbound/system/prometheus-meter.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import type { Accounts } from '../ports/accounts.ts'

type Account = { readonly tenant: TenantId; readonly name: UserName }

/** The new password, or one line that says why there is none and what to do. */
export type ResetPassword =
  { readonly ok: true; readonly password: string } | { readonly ok: false; readonly line: string }

/**
 * Gives a user of a stopped server a new password: `chosen`, or one made here. It is for the password that nobody knows
 * any more, so it asks for none: whoever may write the data folder may do this.
 */
export const resetPassword = async (
  dataDir: string,
  account: Account,
  chosen: string | undefined,
  logProblem: (message: string, cause: string) => void,
): Promise<ResetPassword> => {
  const folder = resolve(dataDir)
  if (!existsSync(registryFile({ folder, eventsBytesMax: undefined }).path)) {
    const line = `there are no data in ${folder}; name the server's folder with --data-dir (BELFRY_DATA_DIR)`
    return { ok: false, line }
  }
  const password = chosen ?? createSecrets().randomText(passwordBytes)
  const admitted = admitUser({ password, profile: undefined })
  if (!admitted.ok) return refuse(admitted.failure, account)
  try {
    const clock = createSystemClock()
    const stores = await openSqliteStores({ folder, logProblem }, clock, createPrometheusMeter())
    const changed = await changePassword(stores.accounts, account, password)
    await stores.close()
    return changed.ok ? { ok: true, password } : refuse(changed.failure, account)
  } catch (error) {
    return { ok: false, line: error instanceof Error ? error.message : String(error) }
  }
}

const passwordBytes = 18

const changePassword = async (accounts: Accounts, { tenant, name }: Account, password: string) => {
  const passwordHash = await createScryptPasswords().hash(password)
  const change = { passwordHash, enabled: undefined, roles: undefined, profile: undefined }
  const activity = 'User password changed'
  const text = `${activity}: ${name} (by belfry user reset-password)`
  const note = { tenant, type: 'User', activity, text, source: name, user: undefined } as const
  return accounts.noting(note).changeUser(tenant, name, change)
}

const refuse = (failure: Failure, { tenant, name }: Account): ResetPassword => {
  if (failure.kind === 'not-found') return { ok: false, line: `there is no user ${tenant}/${name}` }
  if (failure.kind === 'invalid') {
    const issues = failure.issues.map(({ path, message }) => `the ${path} ${message}`)
    return { ok: false, line: issues.join('; ') }
  }
  const reason = failure.kind === 'unavailable' ? failure.reason : failure.kind
  return { ok: false, line: `the data folder can't be written (${reason})` }
}
