import { expect, it } from 'vitest'
import { toTenantId } from '../../../core/identity.ts'
import { parseObjectQuery } from '../../../core/parse-object-query.ts'
import { valueOf } from '../../../ports/registry-samples.contract.ts'
import { OutOfPatience } from '../parts/tables/patience.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createRegistryReads, createRegistryWrites } from './registry-operations.ts'

const t1 = toTenantId('t1')

it.each(['demo.n eq 1', 'has(demo.n)', "name eq 'n*'", '$orderby=demo.n'])(
  'the query %s asks for every object whether it may go on, and ends when it may not',
  (text) => {
    const db = openRegistryFile(':memory:')
    const writes = createRegistryWrites(db)
    const tenant = { id: t1, name: 't1', domain: 't1', state: 'active', creationMs: 0 } as const
    valueOf(writes.createTenant(tenant, []))
    const draft = {
      name: 'n',
      type: undefined,
      fragments: [{ name: 'demo', value: '{"n":1}' }],
      externalIds: [],
    }
    const creation = { tenant: t1, owner: undefined, nowMs: 0, under: undefined }
    valueOf(
      writes.createObjects(
        creation,
        Array.from({ length: 10 }, () => draft),
      ),
    )
    let left = Infinity
    let checks = 0
    const check = () => {
      checks += 1
      if (checks > left) throw new OutOfPatience()
    }
    const { listObjects } = createRegistryReads(db, { begin: () => undefined, check, look: check })
    const query = parseObjectQuery(text)
    if (query === undefined) throw new Error(`${text} is a query`)
    expect(valueOf(listObjects(t1, { query }, 0, 20)).objects).toHaveLength(10)
    expect(checks).toBeGreaterThanOrEqual(10)
    left = checks + 3
    expect(() => listObjects(t1, { query }, 0, 20)).toThrow(OutOfPatience)
  },
)
