import { createHash } from 'node:crypto'
import ts from 'typescript'

/** A file of the house, by its path from the root. */
export type HouseFile = {
  readonly path: string
  readonly text: string
}

/** One sentence for each thing that is not as the style guide wants it. */
export type Problems = readonly string[]

const emptyNames = /(^|[-./])(utils?|helpers?|commons?|managers?|services?|misc)([-./]|$)/

/** A file is named after the noun it owns. */
export const nameProblems = (files: readonly HouseFile[]): Problems =>
  files
    .filter(({ path }) => emptyNames.test(path))
    .map(({ path }) => `${path}: name the noun that it owns`)

const promisedWork = /\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d+)/

/** Work that is only promised has the number of its issue, or it is forgotten. */
export const promiseProblems = (files: readonly HouseFile[]): Problems =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        promisedWork.test(line) ? [`${path}:${index + 1}: say the issue's number, #123`] : [],
      ),
  )

/** Two tests of one name cannot be told apart in a report, and one is often a copy that was not changed. */
export const titleProblems = (files: readonly HouseFile[]): Problems =>
  files.flatMap(({ path, text }) => {
    const seen = new Set<string>()
    return titlesOf(path, text).flatMap((title) => {
      if (seen.has(title)) return [`${path}: two tests are called '${title}'`]
      seen.add(title)
      return []
    })
  })

/** A released migration or format of parts never changes by a byte: `released` lists path and SHA-256 of each. */
export const migrationProblems = (files: readonly HouseFile[], released: string): Problems => {
  const digests = new Map(
    released
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  )
  const present = new Map(files.map(({ path, text }) => [path, sha256(text)]))
  const changed = [...digests].flatMap(([path, digest]) =>
    present.get(path) === digest ? [] : [`${path}: what is released never changes; add a file`],
  )
  const unlisted = [...present.keys()].flatMap((path) =>
    digests.has(path) ? [] : [`${path}: npm run docs adds it to checks/migrations.sha256`],
  )
  return [...changed, ...unlisted]
}

/** The list with the new migrations behind those that are in it, which stay as they are. */
export const listReleased = (files: readonly HouseFile[], released: string): string =>
  released +
  files
    .filter(({ path }) => !released.includes(`  ${path}\n`))
    .map(({ path, text }) => `${sha256(text)}  ${path}\n`)
    .join('')

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const titlesOf = (path: string, text: string): readonly string[] => {
  const titles: string[] = []
  const visit = (node: ts.Node, outer: string): void => {
    const found = ts.isCallExpression(node) ? titleOf(node) : undefined
    if (found?.kind === 'test') titles.push(`${outer}${found.title}`)
    const inner = found?.kind === 'group' ? `${outer}${found.title} > ` : outer
    ts.forEachChild(node, (child) => {
      visit(child, inner)
    })
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest), '')
  return titles
}

/** `it('…')`, `it.each(…)('…')`, `describe('…')`: the title and whether it names a test or a group. */
const titleOf = (call: ts.CallExpression) => {
  const [title] = call.arguments
  if (title === undefined || !ts.isStringLiteralLike(title)) return undefined
  const callee = rootName(call.expression)
  if (callee === 'it' || callee === 'test') return { kind: 'test', title: title.text } as const
  return callee === 'describe' ? ({ kind: 'group', title: title.text } as const) : undefined
}

const rootName = (expression: ts.Expression): string | undefined => {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression)) return rootName(expression.expression)
  return ts.isCallExpression(expression) ? rootName(expression.expression) : undefined
}
