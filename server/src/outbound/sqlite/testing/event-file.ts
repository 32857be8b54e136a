import Database from 'better-sqlite3'
import { headPath } from '../parts/tables/part-files.ts'

const trigger = `create trigger poison before insert on event_1 when new.text = 'poison'
  begin select raise(abort, 'poisoned'); end`

/** From now on the engine refuses every event whose text is `poison`, as it would a row that no bug foresaw. */
export const poisonEvents = (folder: string): void => {
  const db = new Database(headPath(folder))
  db.exec(trigger)
  db.close()
}

/** What really lies in the first part of a closed store, hidden rows and finished jobs included. */
export const countRows = (folder: string): { readonly events: number; readonly jobs: number } => {
  const db = new Database(headPath(folder), { readonly: true })
  const events = Number(db.prepare('select count(*) from event_1').pluck().get())
  const jobs = Number(db.prepare('select count(*) from job').pluck().get())
  db.close()
  return { events, jobs }
}
