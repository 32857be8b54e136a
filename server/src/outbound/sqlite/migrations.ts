import type { Database } from 'better-sqlite3'

/** One step of a file's format. A released one never changes by a byte; each change is a new one. */
export type Migration = { readonly format: number; readonly sql: string }

/**
 * Brings a file to the newest format, each step in one transaction with its number in `user_version`.
 * Throws when the file has a format that this server does not know.
 */
export const applyMigrations = (
  db: Database,
  path: string,
  migrations: readonly Migration[],
): void => {
  const found = Number(db.pragma('user_version', { simple: true }))
  const newest = Math.max(...migrations.map(({ format }) => format))
  if (found > newest || found < 0) {
    throw new Error(
      `${path} has format ${found}, and this server knows formats up to ${newest}: use the server version that wrote it`,
    )
  }
  for (const { format, sql } of migrations) if (format > found) applyMigration(db, format, sql)
}

const applyMigration = (db: Database, format: number, sql: string): void => {
  db.transaction(() => {
    db.exec(sql)
    db.pragma(`user_version = ${format}`)
  })()
}
