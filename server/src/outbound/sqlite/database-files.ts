import { join } from 'node:path'
import { migration0001 } from './events/migration-0001.ts'
import type { DatabaseFile } from './open-database.ts'
import { registryMigrations } from './registry/registry-migrations.ts'
import type { ThreadData } from './thread-messages.ts'

/** Events, their journal and the running deletions. */
export const eventsFile = ({ folder, eventsBytesMax }: ThreadData): DatabaseFile => ({
  path: join(folder, 'events.db'),
  migrations: [migration0001],
  bytesMax: eventsBytesMax,
})

/** Tenants, users, apps, keys and managed objects. */
export const registryFile = ({ folder }: ThreadData): DatabaseFile => ({
  path: join(folder, 'registry.db'),
  migrations: registryMigrations,
})
