/**
 * The laws of the house that are ours and no plug-in has. Each is a selector on the syntax tree, a
 * sentence that says what to do instead, and a piece of code that it must refuse (`wrong`) or let
 * through (`right`): `lint.test.ts` shows every one of them firing.
 */

const askTheClock =
  'Ask the Clock port for the time; the core and the use cases never read it themselves.'
const askForChance = 'Ask the Secrets port for chance, so that a test can decide it.'

/** Clock, chance and timers: what the core and the use cases ask a port for. */
export const purity = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: askTheClock,
    wrong: 'export const now = Date.now()',
    right: 'export const midnight = Date.UTC(2025, 0, 1)',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: askTheClock,
    wrong: 'export const now = new Date()',
    right: 'export const moment = new Date(1440014969567)',
  },
  {
    selector: 'CallExpression[callee.name="Date"]',
    message: askTheClock,
    wrong: 'export const now = Date()',
    right: 'export const moment = Date.parse("2025-01-01")',
  },
  {
    selector: 'MemberExpression[object.name="performance"]',
    message: askTheClock,
    wrong: 'export const now = performance.now()',
    right: 'export const performance = 1',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: askForChance,
    wrong: 'export const chance = Math.random()',
    right: 'export const most = Math.max(1, 2)',
  },
  {
    selector: 'MemberExpression[object.name="crypto"]',
    message: askForChance,
    wrong: 'export const id = crypto.randomUUID()',
    right: 'export const digest = hash("sha256", "")',
  },
  {
    selector:
      'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/]',
    message: 'Timers belong to adapters and app; a use case is called, it does not wake itself.',
    wrong: 'setTimeout(() => 1, 5)',
    right: 'export const delayMs = 5',
  },
  {
    selector: 'MemberExpression[object.name="process"]',
    message: 'The core and the use cases know no process: take an argument or ask a port.',
    wrong: 'process.nextTick(() => 1)',
    right: 'export const process = 1',
  },
]

const readOnce = 'Only app/config.ts reads the environment; take the setting as an argument.'

/** Read once in app/config.ts, where all problems are reported together. */
export const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: readOnce,
    wrong: 'export const port = process.env.BELFRY_PORT',
    right: 'export const folder = process.cwd()',
  },
  {
    selector:
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]',
    message: readOnce,
    wrong: 'import { env } from "node:process"',
    right: 'import { stdout } from "node:process"',
  },
]

/** How a statement begins: the words alone are English too, so that what follows them counts. */
const statement = [
  'select\\s.+\\sfrom\\s',
  'with\\s+\\w+\\s+as\\s*[(]',
  '(insert(\\s+or\\s+\\w+)?|replace)\\s+into\\s',
  'update\\s+\\w+\\s+set\\s',
  'delete\\s+from\\s',
  'create\\s+(unique\\s+|temp\\s+|virtual\\s+)?(table|index|trigger|view)\\s',
  '(alter|drop)\\s+(table|index|trigger|view)\\s',
  'pragma\\s+\\w',
  'begin\\s+(immediate|exclusive|transaction)',
].join('|')

const sqlAtHome =
  'SQL stands in outbound/ only: give the port a verb and write the statement in the adapter.'

/** Text that begins like a statement. */
export const sql = [
  {
    selector: `Literal[value=/^\\s*(${statement})/is]`,
    message: sqlAtHome,
    wrong: 'export const read = "SELECT id\\n FROM event where tenant = ?"',
    right: 'export const help = "update an event, delete events by filter"',
  },
  {
    selector: `TemplateLiteral > TemplateElement:first-child[value.raw=/^\\s*(${statement})/is]`,
    message: sqlAtHome,
    wrong: 'export const drop = (id) => `delete from event where id = ${id}`',
    right: 'export const help = (id) => `delete event ${id}`',
  },
]

const swallowed = 'Answer the failure, log it once or let it through; nothing is swallowed.'
const messagesAreForPeople =
  'Never branch on what a message says: branch on a kind, a code or a class.'

/** In force everywhere. */
export const everywhere = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name, so that a thing is called the same wherever it is used.',
    wrong: 'export default 1',
    right: 'export const one = 1',
  },
  {
    selector: 'TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty',
    message: 'Only syntax that erases: a union of literals, a module, a plain field.',
    wrong: 'export enum Colour { Red }',
    right: 'export type Colour = "red"',
  },
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: swallowed,
    wrong: 'try { run() } catch { /* never mind */ }',
    right: 'try { run() } catch (error) { log(error) }',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > :matches(ArrowFunctionExpression, FunctionExpression) > BlockStatement.body[body.length=0]',
    message: swallowed,
    wrong: 'run().catch(() => {})',
    right: 'run().catch((error) => { log(error) })',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > :matches(Identifier[name="undefined"], Literal[raw="null"]).body',
    message: swallowed,
    wrong: 'run().catch(() => undefined)',
    right: 'run().catch(() => failed)',
  },
  {
    selector: 'BinaryExpression[operator=/^[!=]==?$/] > MemberExpression[property.name="message"]',
    message: messagesAreForPeople,
    wrong: 'export const busy = (error) => error.message === "database is locked"',
    right: 'export const busy = (error) => error.code === "SQLITE_BUSY"',
  },
  {
    selector:
      'CallExpression[callee.object.property.name="message"][callee.property.name=/^(includes|startsWith|endsWith|indexOf|match|search)$/]',
    message: messagesAreForPeople,
    wrong: 'export const busy = (error) => error.message.includes("locked")',
    right: 'export const busy = (error) => error.code.includes("BUSY")',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(test|exec)$/] > MemberExpression.arguments[property.name="message"]',
    message: messagesAreForPeople,
    wrong: 'export const busy = (error) => /locked/.test(error.message)',
    right: 'export const busy = (error) => /BUSY/.test(error.code)',
  },
  {
    selector: 'SwitchStatement > MemberExpression.discriminant[property.name="message"]',
    message: messagesAreForPeople,
    wrong: 'switch (error.message) { case "locked": run() }',
    right: 'switch (error.code) { case "BUSY": run() }',
  },
]

/** A test writes identities down as literals; anything else it must decode like the product. */
export const brandsOnly = [
  {
    selector:
      'TSAsExpression[typeAnnotation.typeName.name!=/^(const|TenantId|UserName|EventId|ManagedObjectId|ReceiptId|JobId)$/]',
    message: 'A test may brand a literal (`as TenantId`); read foreign data in a decode-*.ts file.',
    wrong: 'const event = answer as StoredEvent',
    right: 'const tenant = "t1" as TenantId; const kinds = ["a"] as const',
  },
]
