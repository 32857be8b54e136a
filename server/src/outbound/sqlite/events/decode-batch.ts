import type { AdmittedEvent } from '../../../core/event.ts'
import type { Failure } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import { encodeNames, encodeValues } from './stored-fragments.ts'
import type { EventRow } from './decode-event.ts'

/**
 * Calls cross to the writer thread as one flat array of primitives a batch: to clone an object per
 * event costs more than to store it. Each call is its number, its head and its events, in the order
 * in which the functions below write and take them.
 */
export type Primitive = string | number | null

export const callKinds = {
  append: 0,
  appendUnique: 1,
  accept: 2,
  change: 3,
  delete: 4,
  deleteMatching: 5,
  cancelDeletion: 6,
} as const

export type CallKind = (typeof callKinds)[keyof typeof callKinds]

export const pushHead = (
  items: Primitive[],
  kind: CallKind,
  tenant: TenantId,
  nowMs: number,
): void => {
  items.push(kind, tenant, nowMs)
}

export const pushEvent = (items: Primitive[], event: AdmittedEvent): void => {
  const { source, type, text, time, fragments, digest } = event
  const names = encodeNames(fragments)
  const values = encodeValues(fragments)
  items.push(source, type, text, time.ms, time.offsetMinutes, names, values, digest ?? null)
}

/** Takes the items of a batch one by one. */
export type BatchReader = { readonly items: readonly Primitive[]; at: number }

export type CallHead = { readonly kind: CallKind; readonly tenant: string; readonly nowMs: number }

export type BatchEvent = {
  readonly source: number
  readonly type: string
  readonly text: string
  readonly timeMs: number
  readonly offsetMinutes: number
  readonly names: string
  readonly values: string
  readonly digest: string | null
}

export const takeNumber = (reader: BatchReader): number => take(reader) as number
export const takeText = (reader: BatchReader): string => take(reader) as string
export const takeTextOrNull = (reader: BatchReader): string | null => take(reader) as string | null

export const takeHead = (reader: BatchReader): CallHead => ({
  kind: takeNumber(reader) as CallKind,
  tenant: takeText(reader),
  nowMs: takeNumber(reader),
})

export const takeEvent = (reader: BatchReader): BatchEvent => ({
  source: takeNumber(reader),
  type: takeText(reader),
  text: takeText(reader),
  timeMs: takeNumber(reader),
  offsetMinutes: takeNumber(reader),
  names: takeText(reader),
  values: takeText(reader),
  digest: takeTextOrNull(reader),
})

const take = (reader: BatchReader): Primitive | undefined => {
  const item = reader.items[reader.at]
  reader.at += 1
  return item
}

/**
 * What became of one call. `done` carries the first id of an append, a receipt's or a job's id;
 * `bug` is an exception that nobody expected: the promise of the call is rejected with it.
 */
export type CallReply =
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'duplicate'; readonly id: number; readonly creationMs: number }
  | { readonly kind: 'changed'; readonly row: EventRow }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'bug'; readonly message: string }

/** A reply to a call that is in force. */
export type CallAnswer = Exclude<CallReply, { kind: 'failed' | 'bug' }>

/** A plain number stands for `done`: nearly every reply is one, and it costs next to nothing to clone. */
export type WireReply = number | Exclude<CallReply, { kind: 'done' }>

export type BatchReply = {
  readonly replies: readonly WireReply[]
  readonly commitSeconds: number
  /** At least one call was answered with `disk-full`. */
  readonly isDiskFull: boolean
}

export const decodeBatchReply = (value: unknown): BatchReply => value as BatchReply

/** What a batch brings to the writer thread, and what it weighs. */
export const decodeBatchArguments = (
  args: readonly unknown[],
): { readonly items: readonly Primitive[]; readonly bytes: number } => ({
  items: args[0] as readonly Primitive[],
  bytes: args[1] as number,
})
