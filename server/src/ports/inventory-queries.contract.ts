import { describe, expect, it } from 'vitest'
import { parseObjectQuery } from '../core/parse-object-query.ts'
import { admin, t1, t2, valueOf } from './registry-samples.contract.ts'
import type { ManagedObjectFilter } from '../core/managed-object.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

/** Lists by the query language. */
export const queryCases = (test: RegistryUnderTest): void => {
  const filterOf = (text: string): ManagedObjectFilter => {
    const query = parseObjectQuery(text)
    if (query === undefined) throw new Error(`${text} is a query`)
    return { query }
  }
  const namesOf = async (text: string, tenant = t1) => {
    const page = valueOf(await test.inventory.listObjects(tenant, filterOf(text), 0, 100))
    expect(valueOf(await test.inventory.countObjects(tenant, filterOf(text)))).toBe(
      page.objects.length,
    )
    return page.objects.map(({ name }) => name ?? '-').join()
  }
  const fill = async () => {
    const make = async (name: string | undefined, type: string | undefined, values: object) => {
      const fragments = Object.entries<unknown>({ ...values })
      return test.create({
        name,
        type,
        fragments: fragments.map(([key, value]) => ({ name: key, value: JSON.stringify(value) })),
      })
    }
    const a = await make('Anna', 'x', { n: 1, deep: { list: [{ v: 'One' }, { v: 2 }] } })
    test.clock.ms += 1000
    const b = await make('bert', 'y', { n: 10, s: '1.5', flag: true })
    const c = await make(undefined, 'x', { n: null, s: 'Zoë' })
    return { a, b, c }
  }

  describe('a query', () => {
    it('finds nothing of another tenant, whatever it asks for', async () => {
      const { a, b } = await fill()
      valueOf(await test.inventory.linkChildren(t1, { parent: a.id, kind: 'asset' }, [b.id]))
      for (const text of [
        "name eq '*'",
        'name eq null',
        'has(n)',
        'not(has(nothing))',
        `bygroupid(${a.id})`,
        `isinhierarchyof(${a.id})`,
        `id eq ${a.id}`,
        `isinhierarchyof(${a.id}) or owner eq '${admin}'`,
        '$orderby=n',
      ]) {
        expect(await namesOf(text, t2)).toBe('')
      }
    })

    it('takes what stands in a text for data, never for a part of a statement', async () => {
      await fill()
      for (const text of [
        "' or 1=1 --",
        "'; drop table managed_object; --",
        '@tenant',
        '%',
        '_ert',
        '"',
        '\u0000',
        "x') or ('1'='1",
      ]) {
        const quoted = text.replaceAll("'", "''")
        expect(await namesOf(`name eq '${quoted}' or type eq '${quoted}*'`)).toBe('')
        expect(await namesOf(`s eq '${quoted}' or n gt '${quoted}'`)).toBe('')
      }
      for (const path of ['a"b', 'a;b', 'x--', '$.n'.slice(1), 'n}', '__proto__', 'constructor']) {
        expect(await namesOf(`${path.replace(/^\./, '')}x eq 'q'`)).toBe('')
        expect(await namesOf(`has(${path.replace(/^\./, '')}x)`)).toBe('')
      }
      expect(await namesOf('')).toBe('Anna,bert,-')
    })

    it('compares texts by case, and with wildcards without', async () => {
      await fill()
      expect(await namesOf("name eq 'anna'")).toBe('')
      expect(await namesOf("name eq 'ANN*'")).toBe('Anna')
      expect(await namesOf("name eq '*N*A'")).toBe('Anna')
      expect(await namesOf("s eq 'zO*'")).toBe('-')
      expect(await namesOf('name eq null')).toBe('-')
      expect(await namesOf("not(name eq 'Anna')")).toBe('bert,-')
      expect(await namesOf("name gt 'B'")).toBe('bert')
    })

    it('compares numbers as numbers, texts as texts, and neither with the other', async () => {
      await fill()
      expect(await namesOf('n gt 9')).toBe('bert')
      expect(await namesOf("n eq '1'")).toBe('')
      expect(await namesOf('n ge 1.0f and n lt 1.5d')).toBe('Anna')
      expect(await namesOf('s eq 1.5')).toBe('bert')
      expect(await namesOf('s eq 1.5f')).toBe('')
      expect(await namesOf('flag eq true')).toBe('bert')
      expect(await namesOf('n eq null')).toBe('-')
      expect(await namesOf('flag eq null')).toBe('Anna,-')
    })

    it('finds a text however its letters are written', async () => {
      const value = String.raw`{"s":"caf\u00e9 \"x\" \\ \/"}`
      const { id } = await test.create({ fragments: [{ name: 'p', value }] })
      await test.create({ fragments: [{ name: 'p', value: '{"t":"café \\"x\\" /"}' }] })
      expect(await test.listedIds(filterOf(String.raw`p.s eq 'café "x" \\ /'`))).toEqual([id])
      expect(await test.listedIds(filterOf("p.s eq 'café'"))).toEqual([])
      expect(await test.listedIds(filterOf("p.s eq ''"))).toEqual([])
    })

    it('goes along paths and into arrays', async () => {
      await fill()
      expect(await namesOf("deep.list.v eq 'One'")).toBe('Anna')
      expect(await namesOf('deep.list.v eq 2')).toBe('Anna')
      expect(await namesOf('has(deep.list.v) and not(has(deep.list.w))')).toBe('Anna')
      expect(await namesOf('deep.list eq null')).toBe('bert,-')
      expect(await namesOf('hasany(flag,deep)')).toBe('Anna,bert')
      expect(await namesOf('has(name) or has(id)')).toBe('')
    })

    it('finds by id, time, group and hierarchy', async () => {
      const { a, b, c } = await fill()
      valueOf(await test.inventory.linkChildren(t1, { parent: a.id, kind: 'asset' }, [b.id]))
      valueOf(await test.inventory.linkChildren(t1, { parent: b.id, kind: 'device' }, [c.id]))
      expect(await namesOf(`id eq '${a.id}' or id eq ${c.id}`)).toBe('Anna,-')
      const moment = new Date(b.creationMs).toISOString()
      expect(await namesOf(`creationTime.date ge '${moment}'`)).toBe('bert,-')
      expect(await namesOf(`lastUpdated.date lt '${moment}'`)).toBe('Anna')
      expect(await namesOf(`bygroupid(${a.id},${b.id})`)).toBe('bert')
      expect(await namesOf(`isinhierarchyof(${a.id})`)).toBe('Anna,bert,-')
      expect(await namesOf(`isinhierarchyof(${b.id}) and type eq 'x'`)).toBe('-')
      expect(await namesOf('isinhierarchyof(7) or bygroupid(nonsense)')).toBe('')
    })

    it('orders by several properties, absent first, and pages in that order', async () => {
      await fill()
      expect(await namesOf('$orderby=name')).toBe('-,Anna,bert')
      expect(await namesOf('$orderby=name desc')).toBe('bert,Anna,-')
      expect(await namesOf('$orderby=type asc,name desc')).toBe('Anna,-,bert')
      expect(await namesOf('$orderby=n desc')).toBe('bert,Anna,-')
      expect(await namesOf('$filter=has(s) $orderby=creationTime.date desc,id desc')).toBe('-,bert')
      const second = await test.inventory.listObjects(t1, filterOf('$orderby=n desc'), 1, 1)
      expect(valueOf(second)).toMatchObject({ objects: [{ name: 'Anna' }], more: true })
    })

    it('holds together with every other condition', async () => {
      const { b } = await fill()
      const query = filterOf('has(n) $orderby=name desc')
      expect(await test.listedIds({ ...query, type: 'y' })).toEqual([b.id])
      expect(await test.listedIds({ ...query, ids: [] })).toEqual([])
      expect(await test.listedIds({ ...query, text: 'BERT' })).toEqual([b.id])
    })

    it('of the greatest size is answered', async () => {
      await fill()
      const many = Array.from({ length: 499 }, (_, nth) => `(n eq ${nth + 2})`).join(' or ')
      expect(await namesOf(many)).toBe('bert')
      // Each of them and its parenthesis are a level.
      const deep = `${'not('.repeat(20)}n eq 1${')'.repeat(20)}`
      expect(await namesOf(deep)).toBe('Anna')
      const alike = Array.from({ length: 250 }, (_, nth) => `name eq 'x${nth}*'`).join(' or ')
      expect(await namesOf(`${alike} or bygroupid(${'1,'.repeat(200)}1)`)).toBe('')
    })
  })
}
