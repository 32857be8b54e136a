import { parseManagedObjectId } from '../../../core/event-id.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { Exchange } from './exchange.ts'

/** A managed object named in the path. What no object can have as its id is unknown, not malformed. */
export const decodeObjectId = (
  { parameter }: Pick<Exchange, 'parameter'>,
  name: 'id' | 'childId',
): Result<ManagedObjectId> => {
  const id = parseManagedObjectId(parameter(name))
  return id === undefined ? notFound('managed-object', parameter(name)) : success(id)
}
