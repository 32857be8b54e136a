import { migration0001 } from './migration-0001.ts'
import { migration0002 } from './migration-0002.ts'
import { migration0003 } from './migration-0003.ts'
import { migration0004 } from './migration-0004.ts'
import { migration0005 } from './migration-0005.ts'
import { migration0006 } from './migration-0006.ts'
import { migration0007 } from './migration-0007.ts'

/** Every format that `registry.db` has had, oldest first; the number is kept in its `user_version`. */
export const registryMigrations = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
] as const
