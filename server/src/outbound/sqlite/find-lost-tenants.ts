import type { Database } from 'better-sqlite3'
import { createEventLook } from './parts/reading/look-at-events.ts'

/** A tenant that is being deleted is noted until the deletion of its events is on disk. */
const knownSql = `select exists (select 1 from tenant where tenant = @name)
  or exists (select 1 from purge where tenant = @name and object is null)`

/**
 * Tenants that have events and are not in the registry, a sentence for each. The registry is asked before the events and
 * after, because a tenant may go, or come again, in between.
 */
export const findLostTenants = (
  head: Database,
  registry: Database,
  folder: string,
): readonly string[] => {
  const names = head.prepare<[], string>('select name from tenant').pluck().all()
  const known = registry.prepare<[{ readonly name: string }], number>(knownSql).pluck()
  const isKnown = (name: string): boolean => known.get({ name }) === 1
  const look = createEventLook(head, folder)
  try {
    return names
      .filter((name) => !isKnown(name) && look.hasEventsOf(name) && !isKnown(name))
      .map((name) => `there are events of ${name}, which is no tenant`)
  } finally {
    look.close()
  }
}
