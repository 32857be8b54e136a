import { join } from 'node:path'

/** Where the event store keeps its files, all below the data folder. */
export const eventsFolder = (folder: string): string => join(folder, 'events')
export const headPath = (folder: string): string => join(eventsFolder(folder), 'head.db')

/** Part numbers are never used twice, so a name never means another file. */
export const partPath = (folder: string, part: number): string =>
  join(eventsFolder(folder), `${String(part).padStart(8, '0')}.part`)

/** A file that is being built; whatever has such a name at a start was never in force. */
export const partBuildPath = (folder: string, part: number): string =>
  `${partPath(folder, part)}.building`
