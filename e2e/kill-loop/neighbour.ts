import type { Random } from '../random.ts'
import { isConnectionLoss } from './client.ts'
import type { Target } from './target.ts'
import type { Ledger } from './ledger.ts'
import type { Shown, Thing, ThingKind } from './thing.ts'

/**
 * One client that makes, changes and deletes what is beside the events, one request after another until `signal` aborts.
 * Everything it is told goes into the ledger.
 */
export const runNeighbour = async (
  name: string,
  target: Target,
  ledger: Ledger,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<void> => {
  const context: Context = { name, target, ledger, random, signal, mine: [], made: 0 }
  try {
    while (!signal.aborted) {
      const thing =
        random.below(3) > 0 ? context.mine[random.below(context.mine.length)] : undefined
      if (thing === undefined) await makers[random.pick(kinds)](context)
      else await alter(context, thing)
    }
  } catch (error) {
    if (!isConnectionLoss(error)) throw error
  }
}

type Context = {
  readonly name: string
  readonly target: Target
  readonly ledger: Ledger
  readonly random: Random
  readonly signal: AbortSignal
  readonly mine: Thing[]
  made: number
}

type Sent = { readonly method: string; readonly path: string; readonly body?: string | undefined }

const send = (
  { target, signal }: Context,
  { method, path, body }: Sent,
  mediaType = 'application/json',
): Promise<Response> =>
  fetch(`${target.url}${path}`, {
    method,
    signal,
    headers: {
      authorization: target.authorization,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': mediaType }),
    },
    ...(body === undefined ? {} : { body }),
  })

const isDone = async (answer: Response, wanted: number): Promise<boolean> => {
  const text = await answer.text()
  if (answer.status === wanted) return true
  if (answer.status === 503 || answer.status === 507) return false
  throw new Error(`${answer.url} answers ${answer.status}, not ${wanted}: ${text}`)
}

/** Until the answer both states are possible; one that is no yes leaves both. */
const move = async (
  { ledger }: Context,
  thing: Thing,
  next: Shown,
  request: () => Promise<boolean>,
): Promise<void> => {
  ledger.things.delete(thing.name)
  ledger.things.set(thing.name, thing)
  thing.possible = [...thing.possible, next]
  if (!(await request())) return
  thing.possible = [next]
  ledger.acknowledged += 1
}

const add = (context: Context, kind: ThingKind, path: string): Thing => {
  const thing: Thing = { name: nameOf(context), kind, path, possible: [undefined] }
  context.mine.push(thing)
  return thing
}

const nameOf = ({ name, made }: Context): string => `${name}-${made}`

/** A state of its own each time. */
const stateFor = ({ random }: Context, kind: ThingKind): string => {
  const mark = `state-${random.below(1_000_000_000)}.`
  return kind === 'file' ? mark.repeat(1 + random.below(5_000)) : mark
}

/** An event or an object whose id nobody was told is not followed: it has no name to be found by. */
const createNamed = async (
  context: Context,
  path: string,
  members: object,
): Promise<string | undefined> => {
  const body = JSON.stringify(members)
  const answer = await send(context, { method: 'POST', path, body })
  const id = answer.headers.get('location')?.split('/').at(-1)
  return (await isDone(answer, 201)) ? id : undefined
}

const makeFile = async (context: Context): Promise<void> => {
  const source = { id: context.random.pick(context.target.devices) }
  const event = { source, type: 'kill_File', text: 'file', time: '2026-02-01T10:00:00Z' }
  const id = await createNamed(context, '/event/events', event)
  if (id === undefined) return
  await alter(context, add(context, 'file', `/event/events/${id}/binaries`))
}

const makeObject = async (context: Context): Promise<void> => {
  const note = stateFor(context, 'object')
  const members = { name: nameOf(context), type: 'kill_Object', note }
  const id = await createNamed(context, '/inventory/managedObjects', members)
  if (id === undefined) return
  const thing = add(context, 'object', `/inventory/managedObjects/${id}`)
  await move(context, thing, note, () => Promise.resolve(true))
}

const makeUser = async (context: Context): Promise<void> => {
  const userName = nameOf(context)
  const thing = add(context, 'user', `/user/t1/users/${userName}`)
  await createUser(context, thing)
}

const createUser = async (context: Context, thing: Thing): Promise<void> => {
  const firstName = stateFor(context, 'user')
  const userName = thing.path.split('/').at(-1)
  const body = JSON.stringify({ userName, firstName, password: 'kill loop' })
  const sent = { method: 'POST', path: '/user/t1/users', body }
  await move(context, thing, firstName, async () => isDone(await send(context, sent), 201))
}

const kinds = ['file', 'file', 'object', 'user'] as const

const makers: Readonly<Record<ThingKind, (context: Context) => Promise<void>>> = {
  file: (context) => makeAnother(context, makeFile),
  object: (context) => makeAnother(context, makeObject),
  user: (context) => makeAnother(context, makeUser),
}

const makeAnother = (context: Context, make: (context: Context) => Promise<void>) => {
  context.made += 1
  return make(context)
}

/** What is there is changed or now and then deleted; what is not is made. Leaves alone what nobody knows the state of. */
const alter = async (context: Context, thing: Thing): Promise<void> => {
  const [state, ...others] = thing.possible
  if (others.length > 0) return
  if (state === undefined) await makeAgain(context, thing)
  else if (context.random.below(4) === 0) await remove(context, thing)
  else await change(context, thing)
}

/** A deleted object is gone for good, with its id. */
const makeAgain = async (context: Context, thing: Thing): Promise<void> => {
  if (thing.kind === 'user') await createUser(context, thing)
  if (thing.kind === 'file') await writeFile(context, thing, 'POST')
}

const change = async (context: Context, thing: Thing): Promise<void> => {
  if (thing.kind === 'file') return writeFile(context, thing, 'PUT')
  const next = stateFor(context, thing.kind)
  const body = JSON.stringify(thing.kind === 'user' ? { firstName: next } : { note: next })
  const sent = { method: 'PUT', path: thing.path, body }
  return move(context, thing, next, async () => isDone(await send(context, sent), 200))
}

const writeFile = async (context: Context, thing: Thing, method: 'POST' | 'PUT'): Promise<void> => {
  const body = stateFor(context, 'file')
  const sent = { method, path: thing.path, body }
  await move(context, thing, body, async () =>
    isDone(await send(context, sent, 'application/octet-stream'), 201),
  )
}

const remove = async (context: Context, thing: Thing): Promise<void> => {
  const sent = { method: 'DELETE', path: thing.path }
  await move(context, thing, undefined, async () => isDone(await send(context, sent), 204))
}
