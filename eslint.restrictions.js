/**
 * The laws of the house that are ours and no plug-in has: each a selector on the syntax tree and a
 * sentence that says what to do instead. `checks/lint.test.ts` sees every one of them fire.
 */

/** Clock, chance and timers: what the core and the use cases ask a port for. */
export const purity = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message:
      'Ask the Clock port for the time; the core and the use cases never read it themselves.',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Ask the Clock port for the time; `new Date(ms)` of a given moment is fine.',
  },
  {
    selector: 'CallExpression[callee.name="Date"]',
    message: 'Ask the Clock port for the time; `Date()` reads the clock whatever it is given.',
  },
  {
    selector: 'MemberExpression[object.name="performance"]',
    message: 'Ask the Clock port, or measure in an adapter through the Meter port.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Ask the Secrets port for chance, so that a test can decide it.',
  },
  {
    selector: 'MemberExpression[object.name="crypto"]',
    message: 'Ask the Secrets port for chance, so that a test can decide it.',
  },
  {
    selector:
      'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/]',
    message: 'Timers belong to adapters and app; a use case is called, it does not wake itself.',
  },
  {
    selector: 'MemberExpression[object.name="process"]',
    message: 'The core and the use cases know no process; what they need is an argument or a port.',
  },
]

/** Read once in app/config.ts, where all problems are reported together. */
export const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only app/config.ts reads the environment; take the setting as an argument.',
  },
  {
    selector:
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]',
    message: 'Only app/config.ts reads the environment; take the setting as an argument.',
  },
]

const sqlShape =
  '/^\\s*(select\\s.*\\sfrom\\s|with\\s+\\w+\\s+as\\s*[(]|insert\\s+(or\\s+\\w+\\s+)?into\\s|replace\\s+into\\s|update\\s+\\w+\\s+set\\s|delete\\s+from\\s|create\\s+(unique\\s+|temp\\s+|virtual\\s+)?(table|index|trigger|view)\\s|alter\\s+table\\s|drop\\s+(table|index|trigger|view)\\s|pragma\\s+\\w|begin\\s+(immediate|exclusive|transaction))/is'

const sqlMessage =
  'SQL stands in outbound/ only: give the port a verb and write the statement in the adapter.'

/** Text that begins like a statement. */
export const sql = [
  { selector: `Literal[value=${sqlShape}]`, message: sqlMessage },
  {
    selector: `TemplateLiteral > TemplateElement:first-child[value.raw=${sqlShape}]`,
    message: sqlMessage,
  },
]

const branchMessage =
  'Never branch on what a message says: branch on a code, a kind or the class. Messages are for people.'

/** In force everywhere. */
export const everywhere = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name, so that a thing is called the same wherever it is used.',
  },
  {
    selector: 'TSEnumDeclaration, TSModuleDeclaration[kind="namespace"], TSParameterProperty',
    message: 'Only syntax that erases: a union of literals, a module, a plain field.',
  },
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'Answer the failure, log it once or let it through; nothing is swallowed.',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > :matches(ArrowFunctionExpression, FunctionExpression) > BlockStatement.body[body.length=0]',
    message: 'Answer the failure, log it once or let it through; nothing is swallowed.',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > :matches(Identifier[name="undefined"], Literal[value=null]).body',
    message: 'Answer the failure, log it once or let it through; nothing is swallowed.',
  },
  {
    selector:
      'BinaryExpression[operator=/^[!=]==?$/] > :matches(MemberExpression, ChainExpression > MemberExpression)[property.name="message"]',
    message: branchMessage,
  },
  {
    selector:
      'CallExpression[callee.object.property.name="message"][callee.property.name=/^(includes|startsWith|endsWith|indexOf|match|search)$/]',
    message: branchMessage,
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(test|exec)$/] > MemberExpression.arguments[property.name="message"]',
    message: branchMessage,
  },
  {
    selector: 'SwitchStatement > MemberExpression.discriminant[property.name="message"]',
    message: branchMessage,
  },
]
