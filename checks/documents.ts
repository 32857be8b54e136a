import { settings } from '../server/src/app/config.ts'
import * as cumulocity from '../server/src/inbound/http-cumulocity/ground/encode-failure.ts'
import type { AccessRow } from '../server/src/app/role-matrix/access-row.fixture.ts'
import { roleMatrix } from '../server/src/app/role-matrix/role-matrix.fixture.ts'
import * as native from '../server/src/inbound/http-native/encode-failure.ts'
import * as tenantDevice from '../server/src/inbound/http-tenant-device/encode-failure.ts'
import type { HouseFile, Problems } from './tidy.ts'

/** The pages that are made from tables in the code: `npm run docs` writes them, a test compares. */
export const generateDocuments = (): readonly HouseFile[] => [
  { path: 'docs/errors.md', text: errorsPage() },
  { path: 'docs/configuration.md', text: configurationPage() },
  { path: 'docs/protocols/roles.md', text: rolesPage() },
]

/** Pages that do not say what the code says, given what stands on the disk. */
export const documentProblems = (onDisk: readonly HouseFile[]): Problems =>
  generateDocuments().flatMap(({ path, text }) =>
    onDisk.find((file) => file.path === path)?.text === text
      ? []
      : [`${path} is not what the code says: run npm run docs`],
  )

const generated = 'This page is made by `npm run docs` from the tables in the code.'

const errorsPage = (): string =>
  page([
    '# Errors',
    generated,
    'What can be expected to go wrong is a value of one union, `Failure` in `server/src/core/failure.ts`. Each protocol maps it once, in its `encode-failure.ts`. A bug is none of these: it is answered with 500 and a request id that the log has too.',
    '## Cumulocity dialect',
    'Source: `server/src/inbound/http-cumulocity/ground/encode-failure.ts`. The body is `{"error", "message", "info"}`; see [Errors](protocols/cumulocity.md#4-errors).',
    '### By kind of failure',
    answerTable(cumulocity.failureAnswers),
    '### What does not exist',
    answerTable(cumulocity.notFoundAnswers),
    '### What is already there',
    answerTable(cumulocity.conflictAnswers),
    '### The request itself',
    answerTable(cumulocity.requestAnswers),
    '## Tenant-device dialect',
    'Source: `server/src/inbound/http-tenant-device/encode-failure.ts`. The body is exactly `{"error", "message"}`; see [The answers](protocols/tenant-device-events.md#2-the-answers).',
    '### By kind of failure in this dialect',
    answerTable(tenantDevice.failureAnswers),
    '### What the caller may not',
    answerTable(tenantDevice.forbiddenAnswers),
    '### What does not exist in this dialect',
    answerTable(tenantDevice.notFoundAnswers),
    '### The request itself in this dialect',
    answerTable(tenantDevice.requestAnswers),
    '## Administration, health and metrics',
    'Source: `server/src/inbound/http-native/encode-failure.ts`. The body is a problem document (RFC 9457), `application/problem+json`.',
    table(
      ['Failure', 'Status', 'Title'],
      Object.entries({
        ...native.failureProblems,
        ...native.fullProblems,
        ...native.refusalProblems,
      }).map(([kind, { status, title }]) => [code(kind), String(status), title]),
    ),
  ])

type AnswerRow = {
  readonly status: number
  readonly error: string | number
  readonly message: string
}

const answerTable = (answers: Readonly<Record<string, AnswerRow>>): string =>
  table(
    ['What', 'Status', '`error`', '`message`'],
    Object.entries(answers).map(([what, { status, error, message }]) => [
      code(what),
      String(status),
      code(String(error)),
      message,
    ]),
  )

const configurationPage = (): string =>
  page([
    '# Configuration',
    generated,
    'With no configuration at all the server starts. A value is taken from the first of these places that has it: a flag of `belfry serve`, the environment, the configuration file, the default. All problems are reported at once, before anything is opened, and an unknown `BELFRY_` name is one of them. `belfry config` shows what is in force and where it is from, `belfry config --check` only checks.',
    table(
      ['Environment', 'Flag', 'Default', 'Meaning'],
      Object.values(settings).map((setting) => [
        code(setting.environment),
        code(`${setting.flag} ${setting.value}`),
        setting.default === undefined ? 'none' : code(setting.default),
        setting.summary,
      ]),
    ),
    'A secret may stand in a file instead: append `_FILE` to its name in the environment and give the path.',
    list(
      Object.values(settings)
        .filter(({ secret }) => secret)
        .map(
          ({ environment }) =>
            `${code(`${environment}_FILE`)} names the file of ${code(environment)}.`,
        ),
    ),
  ])

const rolesPage = (): string =>
  page([
    '# Who may call what',
    'This page is made by `npm run docs` from the tables in `server/src/app/role-matrix/`. A test takes every route of the server and tries it with all of these callers: what stands here is what is answered.',
    list([
      'No credentials and wrong ones are a 401 everywhere, save where it says everybody.',
      'A role in the table is enough by itself, and no other role is: ADMIN includes READ only where both stand here. For `management` a row says so: those are users of the operators’ tenant.',
      'Owner is the owner of the managed object that the request is about, or of the source of its events.',
      'Permission is one on that object, like `EVENT:*:READ`: by an inventory role there or on an object above it, over child assets and child devices; or by a device permission on the object itself. On any other object it gives nothing ([5.6](cumulocity.md#56-device-permissions-and-inventory-roles)).',
      'Key is an API key of the tenant.',
      'Everybody else is answered with 403, or with what the table says. `empty` is the status for those who may, without the object.',
    ]),
    ...roleMatrix.flatMap(({ title, rows }) => [
      `## ${title}`,
      table(
        ['Route', 'Roles', 'Owner', 'Permission', 'Key', 'Those who may', 'Others', 'Note'],
        rows.map(describeAccess),
      ),
    ]),
  ])

const describeAccess = (row: AccessRow): readonly string[] => {
  const isForAll = row.everybody === true || row.anyUser === true
  return [
    code(row.route),
    describeRoles(row),
    isForAll ? '' : yes(row.owner),
    (row.permissions ?? []).map(code).join(', '),
    row.everybody === true ? 'yes' : yes(row.key),
    String(row.may),
    row.everybody === true ? '' : String(row.others ?? 403),
    row.note ?? '',
  ]
}

const yes = (is: true | undefined): string => (is === true ? 'yes' : '')

const describeRoles = ({ everybody, anyUser, roles, operators }: AccessRow): string => {
  if (everybody === true) return 'everybody'
  if (anyUser === true) return 'every user'
  return [
    ...(roles ?? []).map(code),
    ...(operators ?? []).map((role) => `${code(role)} in \`management\``),
  ].join(', ')
}

const page = (blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

const code = (text: string): string => `\`${text}\``

/** A table as the formatter lays it out: every column as wide as its widest cell. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  )
  const draw = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  const [first = [], ...others] = lines
  return [draw(first), draw(widths.map((width) => '-'.repeat(width))), ...others.map(draw)].join(
    '\n',
  )
}
