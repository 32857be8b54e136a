import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What lies below a folder of a backup, with paths relative to the backup. */
export type Listing = { readonly files: readonly string[]; readonly folders: readonly string[] }

/** Everything below `path`, itself among the folders, each after what it lies in. */
export const listFiles = (backup: string, path: string): Listing => {
  const files: string[] = []
  const folders = [path]
  for (const folder of folders) {
    for (const entry of readdirSync(join(backup, folder), { withFileTypes: true })) {
      const each = `${folder}/${entry.name}`
      if (entry.isDirectory()) folders.push(each)
      else files.push(each)
    }
  }
  return { files: files.toSorted(), folders }
}
