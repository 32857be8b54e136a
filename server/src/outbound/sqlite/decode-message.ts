import type { MessagePort } from 'node:worker_threads'
import type {
  CopierData,
  FromThread,
  JanitorData,
  ReaderData,
  ToThread,
  WriterData,
} from './thread-messages.ts'

/** Both ends of the channel are ours and of one build: what arrives has the type that was sent. */
export const decodeFromThread = (message: unknown): FromThread => message as FromThread
export const decodeToThread = (message: unknown): ToThread => message as ToThread
export const decodeWriterData = (data: unknown): WriterData => data as WriterData
export const decodeReaderData = (data: unknown): ReaderData => data as ReaderData
export const decodeCopierData = (data: unknown): CopierData => data as CopierData
export const decodeJanitorData = (data: unknown): JanitorData => data as JanitorData

/** The arguments of a call, for the operation that it names: `CallOf` has checked them on the main thread. */
export const decodeArguments = (args: readonly unknown[]): never[] => [...args] as never[]

export const portOf = (port: MessagePort | null): MessagePort => {
  if (!port) throw new Error('this module runs on a worker thread only')
  return port
}
