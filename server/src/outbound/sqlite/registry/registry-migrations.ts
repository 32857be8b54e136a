import { migration0001 } from './migration-0001.ts'

/** Every format that `registry.db` has had, oldest first; the number is kept in its `user_version`. */
export const registryMigrations = [migration0001] as const
