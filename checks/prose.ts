import { dirname, join } from 'node:path/posix'
import type { HouseFile, Problems } from './tidy.ts'

/** Every relative link leads to a file of the house, and its `#anchor` to a heading there. */
export const linkProblems = (files: readonly HouseFile[], paths: readonly string[]): Problems => {
  const known = new Set(paths)
  const anchors = new Map(files.map(({ path, text }) => [path, anchorsOf(text)]))
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      linksOf(text).flatMap((link) => {
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? path : join(dirname(path), file)
        if (!isThere(known, target)) return [`${path}: ${link} leads nowhere`]
        const missed = anchor !== undefined && !anchors.get(target)?.has(anchor)
        return missed ? [`${path}: ${link} has no such heading`] : []
      }),
    )
}

/** A comment that cites `docs/…, 3.5` or `ADR 0004` cites something that is there. */
export const citationProblems = (
  sources: readonly HouseFile[],
  documents: readonly HouseFile[],
): Problems => {
  const sections = new Map(documents.map(({ path, text }) => [path, sectionsOf(text)]))
  const decisions = new Set(
    documents.flatMap(({ path }) => /docs\/adr\/(\d{4})-/.exec(path)?.slice(1) ?? []),
  )
  return sources.flatMap(({ path, text }) => [
    ...citationsOf(text).flatMap(({ page, section }) => {
      const known = sections.get(page)
      if (known === undefined) return [`${path}: cites ${page}, which is not there`]
      return section === undefined || known.has(section)
        ? []
        : [`${path}: cites ${page}, ${section}, and there is no such section`]
    }),
    ...[...text.matchAll(/\bADR (\d{4})\b/g)].flatMap(([cited, number = '']) =>
      decisions.has(number) ? [] : [`${path}: cites ${cited}, which is not there`],
    ),
  ])
}

/** Folders that the drawn tree has and the disk has not, and the other way round. */
export const treeProblems = (drawing: string, paths: readonly string[]): Problems => {
  const drawn = readTree(drawing)
  const drawnFolders = new Set(drawn.filter((path) => path.endsWith('/')))
  const folders = new Set(paths.flatMap(foldersOf).filter((folder) => isDrawn(folder)))
  const known = new Set([...paths, ...paths.flatMap(foldersOf)])
  return [
    ...drawn.filter((path) => !known.has(path)).map((path) => `${path} is drawn and not there`),
    ...[...folders].filter((path) => !drawnFolders.has(path)).map((path) => `${path} is not drawn`),
  ]
}

/** Folders that a newcomer should find in the drawing: all of the protocols and engines, elsewhere the upper ones. */
const isDrawn = (folder: string): boolean => {
  const parts = folder.split('/').slice(0, -1)
  if (parts[0] === 'server') return isHome(parts[2]) || parts.length <= 3
  return parts.length <= (parts[0] === 'docs' ? 2 : 1)
}

const isHome = (folder: string | undefined): boolean =>
  folder === 'inbound' || folder === 'outbound'

const foldersOf = (path: string): readonly string[] => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)
}

/** The paths of a drawing made of `├──`, `└──` and `│`; what follows a name and a space is prose. */
const readTree = (drawing: string): readonly string[] => {
  const open: string[] = []
  return drawing.split('\n').flatMap((line) => {
    const [, stem, names] = /^((?:[│ ] {3})*)[├└]── (.*)$/.exec(line) ?? []
    if (stem === undefined || names === undefined) return []
    const depth = stem.length / 4
    const name = names.split(' ', 1)[0] ?? ''
    const path = `${open.slice(0, depth).join('')}${name}`
    open.splice(depth, open.length, name)
    return [path]
  })
}

/**
 * The tables of bounds in a page name what is there: each name is given a value in the files behind it in parentheses, else
 * in `limits`.
 */
export const boundProblems = (
  page: HouseFile,
  sources: readonly HouseFile[],
  limits: string,
): Problems =>
  boundCellsOf(page.text).flatMap((cell) =>
    [...cell.matchAll(/((?:`[^`]+`[^(`]*)+)(?:\(([^)]*)\))?/g)].flatMap(([, names = '', files]) => {
      const wanted = quotedIn(names).filter((name) => !name.startsWith('BELFRY_'))
      const homes = files === undefined ? [limits] : quotedIn(files)
      return wanted.flatMap((name) =>
        homes
          .filter((home) => !sources.some((file) => isAt(file, home) && gives(file, name)))
          .map((home) => `${page.path}: there is no ${name} in ${home}`),
      )
    }),
  )

/** The first cells of the rows below a head that begins with `Bound`. */
const boundCellsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^\| Bound +\|.*\n\|[ |-]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows = '']) =>
    rows.split('\n').flatMap((row) => row.split('|')[1] ?? []),
  )

const quotedIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].flatMap(([, quoted]) => quoted ?? [])

const isAt = ({ path }: HouseFile, end: string): boolean => path === end || path.endsWith(`/${end}`)

const gives = ({ text }: HouseFile, name: string): boolean =>
  new RegExp(`\\b${name}(?: =|: \\S)`).test(text)

export const fencedBlocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, block]) =>
    found === language && block !== undefined ? [block] : [],
  )

const linksOf = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) =>
    link === undefined || /^[a-z]+:/.test(link) ? [] : [link],
  )

const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, '')

const headingsOf = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading ?? '')

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    headingsOf(text).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

const sectionsOf = (text: string): ReadonlySet<string> =>
  new Set(headingsOf(text).flatMap((heading) => /^(\d+(?:\.\d+)?)\.? /.exec(heading)?.[1] ?? []))

type Citation = { readonly page: string; readonly section: string | undefined }

/** `docs/protocols/x.md, 3.5`, with more sections behind commas, `and` and `to`. */
const citationsOf = (text: string): readonly Citation[] =>
  [
    ...text.matchAll(
      /\b(docs\/[\w/-]+\.md)((?:(?:,| and| to)\s(?:\*\s)?\d+(?:\.\d+)?(?![\d.]*\d))*)/g,
    ),
  ].flatMap(([, page = '', tail = '']): readonly Citation[] => {
    const cited = [...tail.matchAll(/\d+(?:\.\d+)?/g)].map(([section]) => ({ page, section }))
    return cited.length > 0 ? cited : [{ page, section: undefined }]
  })

const isThere = (known: ReadonlySet<string>, target: string): boolean =>
  known.has(target) || [...known].some((path) => path.startsWith(`${target.replace(/\/$/, '')}/`))
