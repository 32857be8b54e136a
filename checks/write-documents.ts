import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateDocuments } from './documents.ts'
import { listMigrations } from './house-files.ts'
import { houseRoot, readHouse } from './scratch-house.ts'
import { listReleased } from './tidy.ts'

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(houseRoot, path)), { recursive: true })
  writeFileSync(join(houseRoot, path), text)
}

for (const { path, text } of generateDocuments()) write(path, text)

const released = 'checks/migrations.sha256'
write(released, listReleased(listMigrations(), readHouse(released)))
