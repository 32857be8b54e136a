import type { Result } from '../../core/failure.ts'
import { callOf } from './decode-result.ts'
import type { ThreadChannel } from './thread-channel.ts'

/** The name of the call that has the writer thread look how much room there is. */
export const roomCall = 'roomBytes'

type RoomOperations = { readonly [roomCall]: () => Result<number> }

/** By the measure that events are refused by: only the writer knows what logs and files under construction still take. */
export const createRoomCall = (
  writer: Pick<ThreadChannel, 'call'>,
): (() => Promise<Result<number>>) => {
  const call = callOf<RoomOperations>(writer.call)
  return () => call(roomCall)
}
