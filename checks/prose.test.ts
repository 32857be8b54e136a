import { describe, expect, it } from 'vitest'
import { documentProblems, generateDocuments } from './documents.ts'
import { listHousePaths, readHouseFiles } from './house-files.ts'
import {
  boundProblems,
  citationProblems,
  fencedBlocks,
  linkProblems,
  treeProblems,
} from './prose.ts'
import { readHouse } from './scratch-house.ts'

const paths = listHousePaths()
const documents = readHouseFiles(paths.filter((path) => path.endsWith('.md')))
const sources = readHouseFiles(
  paths.filter((path) => /^(server|e2e|bench|examples)\/.*[.]ts$/.test(path)),
)

describe('a generated page', () => {
  it('that somebody has edited is refused', () => {
    const doctored = generateDocuments().map(({ path, text }) => ({
      path,
      text: `${text}more`,
    }))
    expect(documentProblems(doctored)).toHaveLength(doctored.length)
  })

  it('that is missing is refused', () => {
    expect(documentProblems([])).toHaveLength(generateDocuments().length)
  })

  it('in this house says what the code says', () => {
    expect(documentProblems(documents)).toEqual([])
  })
})

describe('a link', () => {
  it('that leads to no file is refused', () => {
    const page = { path: 'docs/a.md', text: '[b](b.md) [c](https://example.org)\n' }
    expect(linkProblems([page], ['docs/a.md'])).toEqual(['docs/a.md: b.md leads nowhere'])
  })

  it('that leads to no heading is refused', () => {
    const page = { path: 'docs/a.md', text: '# One thing\n[1](#one-thing) [2](#two)\n' }
    expect(linkProblems([page], ['docs/a.md'])).toEqual(['docs/a.md: #two has no such heading'])
  })

  it('of this house leads somewhere', () => {
    expect(linkProblems(documents, paths)).toEqual([])
  })
})

describe('a citation', () => {
  const page = { path: 'docs/a.md', text: '# 3. Things\n## 3.1 One\n' }

  it.each(['docs/a.md, 3.2', 'docs/b.md, 3.1', 'docs/a.md, 3.1 and 3.7', 'ADR 9999'])(
    'of %s is refused when that is not there',
    (text) => {
      expect(citationProblems([{ path: 'a.ts', text }], [page])).toHaveLength(1)
    },
  )

  it('of a section that is there is fine', () => {
    const text = '(docs/a.md, 3.1 and 3), ADR 0001'
    const decision = { path: 'docs/adr/0001-house.md', text: '' }
    expect(citationProblems([{ path: 'a.ts', text }], [page, decision])).toEqual([])
  })

  it('in this house leads somewhere', () => {
    expect(citationProblems(sources, documents)).toEqual([])
  })
})

describe('a table of bounds', () => {
  const table = (cell: string) => ({
    path: 'a.md',
    text: `| Bound | Is |\n| ----- | -- |\n| ${cell} | 3 |\n`,
  })
  const limits = { path: 'src/limits.ts', text: 'export const roomMax = 1\n' }
  const files = [limits, { path: 'src/door.ts', text: 'open({ wideMax: 2 })\n// farMax: no\n' }]

  it.each(['`gapMax`', '`roomMax`, `gapMax`', '`roomMax` (`door.ts`)', '`farMax` (`no.ts`)'])(
    'that names %s is refused when that is not there',
    (cell) => {
      expect(boundProblems(table(cell), files, 'limits.ts')).toHaveLength(1)
    },
  )

  it('may name a setting, and a file behind the bounds of it', () => {
    const cell = '`BELFRY_ROOM`, at most `roomMax`, `wideMax` (`door.ts`)'
    expect(boundProblems(table(cell), files, 'limits.ts')).toEqual([
      'a.md: there is no roomMax in door.ts',
    ])
    const apart = '`BELFRY_ROOM`, at most `roomMax` (`limits.ts`), `wideMax` (`door.ts`)'
    expect(boundProblems(table(apart), files, 'limits.ts')).toEqual([])
  })

  it('in ARCHITECTURE.md names what is there', () => {
    const page = { path: 'ARCHITECTURE.md', text: readHouse('ARCHITECTURE.md') }
    const problems = boundProblems(page, sources, 'server/src/core/limits.ts')
    expect(problems).toEqual([])
  })
})

describe('the drawn tree', () => {
  const drawing = '├── server/   x\n│   └── src/\n│       └── core/\n└── LICENSE\n'

  it('is refused when a folder is not drawn', () => {
    const disk = ['LICENSE', 'server/src/core/a.ts', 'server/src/ports/b.ts']
    expect(treeProblems(drawing, disk)).toEqual(['server/src/ports/ is not drawn'])
  })

  it('is refused when something drawn is not there', () => {
    expect(treeProblems(drawing, ['server/src/core/a.ts'])).toEqual([
      'LICENSE is drawn and not there',
    ])
  })

  it('in ARCHITECTURE.md is the tree on the disk', () => {
    const [tree = ''] = fencedBlocks(readHouse('ARCHITECTURE.md'), 'text')
    expect(treeProblems(tree, paths)).toEqual([])
  })
})
