import type { Target } from './target.ts'

/** What a thing shows of itself: a text; undefined when it is not there. */
export type Shown = string | undefined

/**
 * Something beside the events that a client changes: a file of an event, an object of the inventory, a user. As with
 * events both the old and the new state are possible until an answer has come.
 */
export type Thing = {
  readonly name: string
  readonly kind: ThingKind
  /** Where it is read, changed and deleted. */
  readonly path: string
  possible: readonly Shown[]
}

export type ThingKind = 'file' | 'object' | 'user'

/** Things by their names, the one that was touched last at the end. */
export type Things = Map<string, Thing>

/** How many of each kind were made, deleted ones too. */
export const countThings = (things: Things): Readonly<Record<ThingKind, number>> => {
  const count = (kind: ThingKind): number =>
    [...things.values()].filter((thing) => thing.kind === kind).length
  return { file: count('file'), object: count('object'), user: count('user') }
}

/** Enough to cover the last rounds; older ones were compared in theirs. */
const comparedMax = 400

/** Compares what was touched last with what the server has. Answers a line for each difference. */
export const verifyThings = async (target: Target, things: Things): Promise<readonly string[]> => {
  const problems: string[] = []
  for (const thing of [...things.values()].slice(-comparedMax)) {
    problems.push(...(await verifyThing(target, thing)))
  }
  return problems
}

const verifyThing = async (target: Target, thing: Thing): Promise<readonly string[]> => {
  const shown = await readers[thing.kind](target, thing.path)
  if (!thing.possible.includes(shown)) {
    return [`${thing.name}: shows ${cut(shown)}, may show ${thing.possible.map(cut).join(' or ')}`]
  }
  thing.possible = [shown]
  return []
}

/** A file is long. */
const cut = (shown: Shown): string =>
  shown === undefined ? 'nothing' : `${shown.slice(0, 20)} (${shown.length} characters)`

type Read = (target: Target, path: string) => Promise<Shown>

/** The event and its file must agree on whether there is one, and on its length. */
const readFile: Read = async (target, path) => {
  const file = await get(target, path)
  const event = await get(target, path.replace(/\/binaries$/, ''))
  const note = /"c8y_IsBinary":\{[^}]*"length":(\d+)/.exec(event ?? '')?.[1]
  const length = file === undefined ? undefined : String(file.length)
  return note === length
    ? file
    : `the event says ${note ?? 'none'}, the file has ${length ?? 'none'}`
}

const readMember =
  (member: string): Read =>
  async (target, path) => {
    const text = await get(target, path)
    return text === undefined ? undefined : String(Reflect.get(Object(JSON.parse(text)), member))
  }

const readers: Readonly<Record<ThingKind, Read>> = {
  file: readFile,
  object: readMember('note'),
  user: readMember('firstName'),
}

/** The body; undefined for a 404. */
const get = async ({ url, authorization }: Target, path: string): Promise<Shown> => {
  const answer = await fetch(`${url}${path}`, { headers: { authorization, accept: '*/*' } })
  const text = await answer.text()
  if (answer.status === 404) return undefined
  if (answer.status !== 200) throw new Error(`GET ${path} answers ${answer.status}`)
  return text
}
