import { describe, expect, it } from 'vitest'
import { createWorld } from '../isolation/world.fixture.ts'
import type { World } from '../isolation/world.fixture.ts'
import type { AccessRow } from './access-row.fixture.ts'
import { createCallers } from './callers.fixture.ts'
import type { Caller } from './callers.fixture.ts'
import { matrixRequests, parametersFor } from './requests.fixture.ts'
import { roleMatrix } from './role-matrix.fixture.ts'
import { createSettle } from './subjects.fixture.ts'
import type { Subjects } from './subjects.fixture.ts'

/**
 * Every route of the server × everybody who could call it, against the table that docs/protocols/roles.md shows. Routes
 * and roles are taken from the server itself: a new route without a row fails, a new role is tried everywhere.
 */
const rows: readonly AccessRow[] = roleMatrix.flatMap((area) => area.rows)

const send = async (
  world: World,
  row: AccessRow,
  { headers }: Caller,
  subjects: Subjects,
): Promise<number | 'empty'> => {
  const [method = '', pattern = ''] = row.route.split(' ')
  const request = matrixRequests[row.route]?.(subjects) ?? {}
  const parameters = { ...parametersFor(pattern, subjects), ...request.parameters }
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new Error(`say in requests.fixture.ts what :${name} is`)
    return encodeURIComponent(value)
  })
  const answer = await world.send({
    method,
    url: request.query === undefined ? path : `${path}?${request.query}`,
    headers: { 'content-type': 'application/json', ...request.headers, ...headers },
    json: request.json,
    text: request.text,
  })
  const isEmpty = row.others === 'empty' && answer.statusCode === row.may
  return isEmpty && !shows(answer.body, subjects) ? 'empty' : answer.statusCode
}

/** Whether a list has what it was asked for; the count of a list is a bare number. */
const shows = (body: string, { object, file }: Subjects): boolean =>
  body === '1' || body.includes(`"${object}"`) || body.includes(`"${file}"`)

/** A user of `management` is nobody in another tenant, which the test of isolation looks at, unless the row names operators. */
const isTried = (row: AccessRow, { isOperator }: Caller): boolean =>
  !isOperator || row.operators !== undefined

const compare = async (world: World): Promise<Comparison> => {
  const callers = await createCallers(world)
  const settle = createSettle(world)
  let subjects = await settle()
  const differences: string[] = []
  let attempts = 0
  for (const row of rows) {
    for (const caller of callers.filter((each) => isTried(row, each))) {
      await caller.meet(subjects)
      const got = await send(world, row, caller, subjects)
      const expected = caller.expects(row)
      attempts += 1
      if (got !== expected) {
        differences.push(`${row.route}, ${caller.name}: ${got} instead of ${expected}`)
      }
      if (!row.route.startsWith('GET') && Number(got) < 300) subjects = await settle()
    }
  }
  return { attempts, callers: callers.length, differences }
}

type Comparison = {
  readonly attempts: number
  readonly callers: number
  readonly differences: readonly string[]
}

describe('the role matrix', () => {
  it('has one row for each route of the server, and none for another', async () => {
    const { routes } = await createWorld()
    const served = routes.map(({ method, pattern }) => `${method} ${pattern}`)
    expect(rows.map(({ route }) => route).sort()).toEqual(served.sort())
  })

  it('is what every caller meets on every route', async () => {
    const { attempts, callers, differences } = await compare(await createWorld())
    console.log(`role matrix: ${rows.length} routes, ${callers} callers, ${attempts} attempts`)
    expect(differences).toEqual([])
    expect(attempts).toBeGreaterThan(rows.length * 50)
  }, 600_000)
})
