import { join } from 'node:path'
import Database from 'better-sqlite3'

const trigger = `create trigger poison before insert on event when new.text = 'poison'
  begin select raise(abort, 'poisoned'); end`

/** From now on the engine refuses every event whose text is `poison`, as it would a row that no bug foresaw. */
export const poisonEvents = (folder: string): void => {
  const db = new Database(join(folder, 'events.db'))
  db.exec(trigger)
  db.close()
}

/** What really lies in a closed store's file, hidden rows and finished jobs included. */
export const countRows = (folder: string): { readonly events: number; readonly jobs: number } => {
  const db = new Database(join(folder, 'events.db'), { readonly: true })
  const events = Number(db.prepare('select count(*) from event').pluck().get())
  const jobs = Number(db.prepare('select count(*) from deletion_job').pluck().get())
  db.close()
  return { events, jobs }
}
