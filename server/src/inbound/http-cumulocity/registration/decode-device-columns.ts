import type { CsvLine, CsvTable } from '../../../core/csv-table.ts'
import { invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { jsonDepthMax } from '../../../core/limits.ts'
import { deviceFragment } from '../../../core/managed-object.ts'
import type { ManagedObjectDraft } from '../../../core/managed-object.ts'
import { decodeManagedObject } from '../inventory/decode-managed-object.ts'

/**
 * The object that a line of a file of devices describes (docs/protocols/cumulocity.md, 5.7), judged like one that comes as
 * JSON; undefined for a file without the columns `NAME` and `TYPE`. Its first external id is that of `ID`.
 */
export const decodeDeviceColumns = (
  table: CsvTable,
  line: CsvLine,
): Result<ManagedObjectDraft | undefined> => {
  if (!table.names.includes('NAME') || !table.names.includes('TYPE')) return success(undefined)
  if (table.titles.some((title) => title.split('.').length > jsonDepthMax)) return tooDeep
  const object = decodeManagedObject(encodeTree(treeOf(table, line)))
  return object.ok ? success({ ...object.value.draft, externalIds: idsOf(table, line) }) : object
}

const tooDeep = invalid('', `the name of a column has at most ${jsonDepthMax} parts`)

/** Columns with a meaning of their own; `ENROLLMENT_OTP` is a secret that only certificates need. */
const known: ReadonlySet<string> = new Set([
  'ID',
  'CREDENTIALS',
  'ENROLLMENT_OTP',
  'AUTH_TYPE',
  'TENANT',
  'TYPE',
  'NAME',
  'ICCID',
  'IDTYPE',
  'PATH',
  'SHELL',
])

const externalStart = 'external-'

type Column = { readonly title: string; readonly value: string }

/** Those of the line that have a value, save those with a meaning of their own. */
const otherColumns = ({ titles, names }: CsvTable, { cellAt }: CsvLine): readonly Column[] =>
  titles.flatMap((title, column) => {
    const value = cellAt(column)
    const isOther = title !== '' && value !== '' && !known.has(names[column] ?? '')
    return isOther ? [{ title, value }] : []
  })

const idsOf = (table: CsvTable, line: CsvLine): ManagedObjectDraft['externalIds'] => [
  { type: filled(line.cell('IDTYPE'), 'c8y_Serial'), externalId: line.cell('ID') },
  ...otherColumns(table, line)
    .filter(({ title }) => title.startsWith(externalStart) && title !== externalStart)
    .map(({ title, value }) => ({ type: title.slice(externalStart.length), externalId: value })),
]

const filled = (cell: string, byDefault: string): string => (cell === '' ? byDefault : cell)

/** A JSON object; a leaf is JSON text. */
type Tree = Map<string, string | Tree>

const treeOf = (table: CsvTable, line: CsvLine): Tree => {
  const { cell } = line
  const tree: Tree = new Map<string, string | Tree>([[deviceFragment, '{}']])
  for (const { title, value } of otherColumns(table, line)) {
    if (!title.startsWith(externalStart)) put(tree, title.split('.'), JSON.stringify(value))
  }
  tree.set('name', JSON.stringify(filled(cell('NAME'), cell('ID'))))
  if (cell('TYPE') !== '') tree.set('type', JSON.stringify(cell('TYPE')))
  if (cell('ICCID') !== '') put(tree, ['c8y_Mobile', 'iccid'], JSON.stringify(cell('ICCID')))
  if (cell('SHELL') === '1') tree.set('c8y_SupportedOperations', '["c8y_Command"]')
  tree.delete('externalIds')
  tree.delete('owner')
  return tree
}

/** `a.b` is `b` within `a`. Of two columns of which one is in the way of the other, the later counts. */
const put = (tree: Tree, [name = '', ...names]: readonly string[], value: string): void => {
  if (names.length === 0) {
    tree.set(name, value)
    return
  }
  const there = tree.get(name)
  const inner: Tree = there instanceof Map ? there : new Map<string, string | Tree>()
  tree.set(name, inner)
  put(inner, names, value)
}

const encodeTree = (tree: Tree): string => {
  const members = [...tree].map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${value instanceof Map ? encodeTree(value) : value}`,
  )
  return `{${members.join(',')}}`
}
