import { cancelDeletion } from './cancel-deletion.ts'
import { absent, attempt, withText } from './ledger.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { Random } from '../random.ts'
import type { Target } from './target.ts'

/**
 * One client that does one thing after another until `signal` aborts: creates by both dialects (201 and 202), one by
 * one and in bulk, updates, deletes, sends again, and deletes by filter: batches, all it has made so far, and what
 * clients of earlier rounds made (`left`, their names). Everything it is told goes into the ledger.
 */
export const runClient = async (
  name: string,
  target: Target,
  ledger: Ledger,
  options: {
    readonly random: Random
    readonly signal: AbortSignal
    readonly left: readonly string[]
    /** Whether a few of its events outlive the others, so that little is left in their parts. */
    readonly keepsSome: boolean
  },
): Promise<void> => {
  const { random, signal, left, keepsSome } = options
  const context: Context = {
    name,
    target,
    ledger,
    random,
    signal,
    keepsSome,
    cancels: true,
    mine: [],
    made: 0,
  }
  try {
    for (const other of left) await purgeOf(context, other)
    while (!signal.aborted) await random.pick(steps)(context)
  } catch (error) {
    if (!isConnectionLoss(error)) throw error
  }
}

/** Makes a few parts full of events and deletes nearly all of them: what is left is merged as soon as nothing else is done. */
export const leaveLittle = async (
  name: string,
  target: Target,
  ledger: Ledger,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<void> => {
  const made = { cancels: false, mine: [], made: 0 }
  const context: Context = { name, target, ledger, random, signal, keepsSome: true, ...made }
  try {
    for (let batch = 0; batch < litterBatches; batch += 1) await bulk(context)
    await deleteMine(context)
  } catch (error) {
    if (!isConnectionLoss(error)) throw error
  }
}

/** Three or four parts. */
const litterBatches = 9

type Context = {
  readonly name: string
  readonly target: Target
  readonly ledger: Ledger
  readonly random: Random
  readonly signal: AbortSignal
  readonly keepsSome: boolean
  readonly cancels: boolean
  mine: Entry[]
  made: number
}

/** A kill cuts connections; fetch reports that as a TypeError, an abort by name. */
export const isConnectionLoss = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Error && error.name === 'AbortError')

const send = async (
  { target, signal }: Context,
  method: string,
  path: string,
  init: { readonly headers: Record<string, string>; readonly body?: string },
): Promise<Response> => fetch(`${target.url}${path}`, { method, signal, ...init })

/** Of the events that a client makes for good, so that a deletion by filter finds them and nobody else's. */
const typeOf = (name: string): string => `kill_${name}`

/** No deletion by filter is for those that are kept. */
const newTypeOf = ({ name, random, keepsSome }: Context): string =>
  keepsSome && random.below(keptOneOf) === 0 ? `kill_Kept_${name}` : typeOf(name)

const keptOneOf = 15

const addEntry = (context: Context, dialect: Entry['dialect'], type: string): Entry => {
  context.made += 1
  const marker = `${context.name}-${context.made}`
  const device = context.random.pick(context.target.devices)
  const timeMs = 1_700_000_000_000 + context.random.below(100_000_000)
  const body =
    dialect === 'cumulocity'
      ? JSON.stringify({
          source: { id: device },
          type,
          text: 'first',
          time: new Date(timeMs).toISOString(),
          marker,
          load: { n: context.made, list: [1, null, 'x'] },
        })
      : JSON.stringify({
          typeId: type,
          description: 'first',
          appId: context.target.appId,
          severity: 1 + context.random.below(5),
          data: { marker, n: context.made, list: [1, null, 'x'] },
          timestamp: timeMs,
        })
  const entry: Entry = {
    marker,
    dialect,
    body,
    device,
    type,
    id: undefined,
    receipt: undefined,
    isAsync: false,
    possible: [absent],
  }
  context.ledger.entries.set(marker, entry)
  return entry
}

const basicHeaders = ({ target }: Context): Record<string, string> => ({
  authorization: target.authorization,
  'content-type': 'application/json',
  accept: 'application/json',
})

const keyHeaders = ({ target }: Context): Record<string, string> => ({
  'x-api-key': target.apiKey,
  'content-type': 'application/json',
})

const lastSegment = (location: string | null): string | undefined => location?.split('/').at(-1)

const postCumulocity = async (context: Context, entry: Entry): Promise<boolean> => {
  const answer = await send(context, 'POST', '/event/events', {
    headers: basicHeaders(context),
    body: entry.body,
  })
  const body = await answer.text()
  if (answer.status !== 201) return refused(answer, body, [503, 507])
  entry.id = lastSegment(answer.headers.get('location'))
  return true
}

export const reportPath = ({ tenant }: Target, device: string): string =>
  `/rest/v1/api/tenants/${tenant}/devices/${device}/events`

const postReport = async (context: Context, entry: Entry, prefer: boolean): Promise<boolean> => {
  const answer = await send(context, 'POST', reportPath(context.target, entry.device), {
    headers: { ...keyHeaders(context), ...(prefer ? { prefer: 'respond-async' } : {}) },
    body: entry.body,
  })
  const body = await answer.text()
  const location = lastSegment(answer.headers.get('location'))
  if (answer.status === 202) entry.receipt = location
  else if (answer.status === 201 || answer.status === 409) entry.id = location
  else return refused(answer, body, [503])
  return true
}

/** Refusals that the load may meet; anything else is a finding. */
const refused = (answer: Response, body: string, expected: readonly number[]): false => {
  if (!expected.includes(answer.status)) {
    throw new Error(`unexpected status ${answer.status} from ${answer.url}: ${body}`)
  }
  return false
}

const create = async (context: Context): Promise<void> => {
  const entry = addEntry(context, 'cumulocity', newTypeOf(context))
  context.mine.push(entry)
  await attempt(context.ledger, [entry], withText('first'), () => postCumulocity(context, entry))
}

const report = async (context: Context): Promise<void> => {
  const entry = addEntry(context, 'tenant-device', newTypeOf(context))
  context.mine.push(entry)
  const prefer = context.random.below(3) === 0
  entry.isAsync = prefer
  await attempt(context.ledger, [entry], withText('first'), () =>
    postReport(context, entry, prefer),
  )
}

/** The same again: must be a 409, and must not make a second event. */
const reportAgain = async (context: Context): Promise<void> => {
  const entry = pickMine(context, ({ dialect, possible }) => {
    const [only] = possible
    return dialect === 'tenant-device' && possible.length === 1 && only?.present === true
  })
  if (entry === undefined) return
  const answer = await send(context, 'POST', reportPath(context.target, entry.device), {
    headers: keyHeaders(context),
    body: entry.body,
  })
  const body = await answer.text()
  if (answer.status !== 409) refused(answer, body, [503])
}

const update = async (context: Context): Promise<void> => {
  const entry = pickMine(context, isPresent)
  if (entry?.id === undefined) return
  const text = `changed ${context.made} ${context.random.below(1_000_000)}`
  await attempt(context.ledger, [entry], withText(text), async () => {
    const answer = await send(context, 'PUT', `/event/events/${entry.id ?? ''}`, {
      headers: basicHeaders(context),
      body: JSON.stringify({ text }),
    })
    const body = await answer.text()
    return answer.status === 200 || refused(answer, body, [503, 507])
  })
}

const remove = async (context: Context): Promise<void> => {
  const entry = pickMine(context, isPresent)
  if (entry?.id === undefined) return
  await attempt(context.ledger, [entry], absent, async () => {
    const answer = await send(context, 'DELETE', `/event/events/${entry.id ?? ''}`, {
      headers: basicHeaders(context),
    })
    return answer.status === 204 || refused(answer, await answer.text(), [503, 507])
  })
}

const bulkEvents = 40

const bulk = async (context: Context): Promise<void> => {
  const batch = Array.from({ length: bulkEvents }, () =>
    addEntry(context, 'cumulocity', newTypeOf(context)),
  )
  context.mine.push(...batch)
  await attempt(context.ledger, batch, withText('first'), async () => {
    const answer = await send(context, 'POST', '/event/events', {
      headers: {
        ...basicHeaders(context),
        'content-type': 'application/vnd.com.nsn.cumulocity.eventCollection+json',
      },
      body: `{"events":[${batch.map(({ body }) => body).join()}]}`,
    })
    const body = await answer.text()
    return answer.status === 201 || refused(answer, body, [503, 507])
  })
}

/** Makes a batch of its own type, then deletes it by filter. */
const sweep = async (context: Context): Promise<void> => {
  const type = `kill_Sweep_${context.name}_${context.made}`
  const batch = Array.from({ length: 5 }, () => addEntry(context, 'cumulocity', type))
  for (const entry of batch) {
    await attempt(context.ledger, [entry], withText('first'), () => postCumulocity(context, entry))
  }
  await deleteType(context, type, batch)
}

/** Now and then: nearly everything that this client has made, but for what may not have been settled yet. */
const purge = async (context: Context): Promise<void> => {
  if (context.mine.some(({ isAsync }) => isAsync) || context.random.below(4) > 0) return
  await deleteMine(context)
}

const deleteMine = async (context: Context): Promise<void> => {
  const doomed = typeOf(context.name)
  await deleteType(
    context,
    doomed,
    context.mine.filter(({ type }) => type === doomed),
  )
  context.mine = context.mine.filter(
    ({ type, possible }) => type !== doomed || possible.some(({ present }) => present),
  )
}

/** Everything that a client of an earlier round left; by now all of it has been settled. */
const purgeOf = async (context: Context, name: string): Promise<void> => {
  const type = typeOf(name)
  const { ledger } = context
  const left = [...ledger.entries.values()].filter((entry) => entry.type === type)
  await deleteType(context, type, left)
}

/** One in three of them is cancelled at once. */
const deleteType = async (
  context: Context,
  type: string,
  entries: readonly Entry[],
): Promise<void> => {
  const before = entries.map(({ possible }) => possible)
  const isDone = await attempt(context.ledger, entries, absent, async () => {
    const path = `/event/events?type=${type}&dateFrom=2000-01-01`
    const answer = await send(context, 'DELETE', path, { headers: basicHeaders(context) })
    return answer.status === 204 || refused(answer, await answer.text(), [429, 503, 507])
  })
  if (!isDone || !context.cancels || context.random.below(3) > 0) return
  await cancelDeletion(context.target, context.ledger, { type, entries, before })
}

const steps = [
  create,
  create,
  create,
  report,
  report,
  report,
  reportAgain,
  update,
  update,
  remove,
  sweep,
  bulk,
  bulk,
  purge,
] as const

const isPresent = ({ possible, receipt }: Entry): boolean =>
  receipt === undefined && possible.length === 1 && possible[0]?.present === true

const pickMine = (context: Context, fits: (entry: Entry) => boolean): Entry | undefined => {
  const entry = context.mine[context.random.below(context.mine.length)]
  return entry && fits(entry) ? entry : undefined
}
