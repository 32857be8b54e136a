import { join } from 'node:path'
import type { DatabaseFile } from './open-database.ts'
import { registryMigrations } from './registry/registry-migrations.ts'
import { migration0001 } from './parts/migration-0001.ts'
import { headPath } from './parts/tables/part-files.ts'
import type { ThreadData } from './thread-messages.ts'

/** The head of the events: what every commit goes to (parts/migration-0001.ts). */
export const headFile = ({ folder, eventsBytesMax }: ThreadData): DatabaseFile => ({
  path: headPath(folder),
  migrations: [migration0001],
  bytesMax: eventsBytesMax,
})

/** Tenants, users, apps, keys and managed objects. */
export const registryFile = ({ folder }: ThreadData): DatabaseFile => ({
  path: join(folder, 'registry.db'),
  migrations: registryMigrations,
})
