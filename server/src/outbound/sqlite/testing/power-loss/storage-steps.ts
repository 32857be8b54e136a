import { basename, dirname } from 'node:path'
import { decodeHex } from './read-trace.ts'
import type { TracedCall } from './read-trace.ts'

/** What happened to the folder of the events; a file is the same one under whatever name. */
export type StorageStep = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'write'; readonly file: number; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'resize'; readonly file: number; readonly bytes: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'sync-folder' }
  /** `file` has this name from now on; `undefined`: nothing has. `old` is a name that it loses in the same moment. */
  | {
      readonly kind: 'name'
      readonly name: string
      readonly file: number | undefined
      readonly old?: string
    }
  /** The load has written a line of its account. */
  | { readonly kind: 'told'; readonly line: string }
)

/** The steps of a trace. Throws when the store uses a call that this does not know the meaning of. */
export const readStorageSteps = (
  calls: readonly TracedCall[],
  folder: string,
): readonly StorageStep[] => {
  const place: Place = { folder, names: new Map(), files: 0 }
  return calls
    .filter(({ result }) => result >= 0)
    .flatMap((call) => {
      const step = meaningOf(place, call)
      return step ? [{ ...step, from: call.from, to: call.to }] : []
    })
}

type Place = {
  /** The folder of the events. */
  readonly folder: string
  readonly names: Map<string, number>
  files: number
}

type Unplaced<Step> = Step extends unknown ? Omit<Step, 'from' | 'to'> : never
type Meaning = Unplaced<StorageStep> | undefined

const meaningOf = (place: Place, call: TracedCall): Meaning => {
  const strings = [...call.args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => hex)
  const opened = decodeHex(/^\d+<([^>]*)>/.exec(call.args)?.[1] ?? '').toString()
  switch (call.name) {
    case 'write':
    case 'pwrite64':
      return written(place, call, opened, strings[0] ?? '')
    case 'ftruncate':
      return withFile(place, opened, (file) => ({
        kind: 'resize',
        file,
        bytes: lastNumber(call.args),
      }))
    case 'fsync':
    case 'fdatasync':
      if (opened === place.folder) return { kind: 'sync-folder' }
      return withFile(place, opened, (file) => ({ kind: 'sync', file }))
    default:
      return named(
        place,
        call,
        strings.map((hex) => decodeHex(hex).toString()),
      )
  }
}

const lastNumber = (args: string): number => Number(/(\d+)$/.exec(args)?.[1])

/** Shared memory of the engine means nothing after a power cut. */
const isOurs = ({ folder }: Place, path: string): boolean =>
  dirname(path) === folder && !path.endsWith('-shm')

const withFile = (
  place: Place,
  path: string,
  make: (file: number) => Exclude<Meaning, undefined>,
): Meaning => {
  const file = isOurs(place, path) ? place.names.get(basename(path)) : undefined
  return file === undefined ? undefined : make(file)
}

const written = (place: Place, call: TracedCall, path: string, hex: string): Meaning => {
  if (path === `${dirname(place.folder)}/told`) {
    return { kind: 'told', line: decodeHex(hex).toString() }
  }
  return withFile(place, path, (file) => {
    if (call.name !== 'pwrite64') throw new Error(`where does ${path} get its bytes?`)
    const data = decodeHex(hex).subarray(0, call.result)
    if (data.length !== call.result) throw new Error('the trace has all bytes')
    return { kind: 'write', file, at: lastNumber(call.args), data }
  })
}

/** Calls that give or take names. */
const named = (place: Place, { name, args }: TracedCall, paths: readonly string[]): Meaning => {
  const [path = '', to = ''] = paths
  if (!isOurs(place, path)) return undefined
  const own = basename(path)
  const file = place.names.get(own)
  if (name === 'openat') {
    if (args.includes('O_TRUNC')) throw new Error(`${own} is emptied as it is opened`)
    if (!args.includes('O_CREAT') || file !== undefined) return undefined
    place.files += 1
    place.names.set(own, place.files)
    return { kind: 'name', name: own, file: place.files }
  }
  place.names.delete(own)
  if (name.startsWith('unlink')) return { kind: 'name', name: own, file: undefined }
  if (!name.startsWith('rename') || file === undefined) throw new Error(`what does ${name} do?`)
  place.names.set(basename(to), file)
  return { kind: 'name', name: basename(to), file, old: own }
}
