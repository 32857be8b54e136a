import { execFileSync } from 'node:child_process'
import { join, relative, dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrowFixtures, permittedArrows } from './arrow-fixtures.ts'
import { decodeArrowReport } from './decode-arrow-report.ts'
import { createScratchHouse, houseRoot } from './scratch-house.ts'
import type { ArrowReport } from './decode-arrow-report.ts'
import type { ScratchHouse } from './scratch-house.ts'

describe('the arrows', () => {
  let house: ScratchHouse
  let report: ArrowReport

  beforeAll(() => {
    house = createScratchHouse(scratchFiles())
    report = cruise(house.root)
  })

  afterAll(() => {
    house.remove()
  })

  it.each(arrowFixtures)('$rule stops $from from importing $to', ({ rule, from }) => {
    expect(rulesAgainst(report, from)).toEqual([rule])
  })

  it.each(permittedArrows)('let $from import $to', ({ from }) => {
    expect(rulesAgainst(report, from)).toEqual([])
  })

  it('report a file that nobody uses and that uses nothing', () => {
    expect(rulesAgainst(report, orphan)).toEqual(['no-orphans'])
  })

  it('are all seen to fire here, and each says what to do instead', () => {
    const seen = new Set([...arrowFixtures.map(({ rule }) => rule), 'no-orphans'])
    expect(report.rules.map(({ name }) => name).sort()).toEqual([...seen].sort())
    for (const { comment } of report.rules) expect(comment.length).toBeGreaterThan(40)
  })
})

const orphan = 'server/src/core/orphan.ts'

/** Every file named in a fixture, importing what the fixture says. */
const scratchFiles = (): Readonly<Record<string, string>> => {
  const files: Record<string, string> = {
    [orphan]: 'export const alone = 1\n',
    'server/src/core/leaf.ts': 'export const leaf = 1\n',
    'server/src/core/hen.ts':
      "import type * as egg from './egg.ts'\nexport type Hen = typeof egg\n",
  }
  for (const { from, to } of [...permittedArrows, ...arrowFixtures]) {
    files[from] =
      `import type * as other from '${specifier(from, to)}'\nexport type Other = typeof other\n`
  }
  return { ...files, 'server/src/core/barrel.ts': "export * from './leaf.ts'\n" }
}

const specifier = (from: string, to: string): string => {
  const isPackage = !to.includes('/') || to.startsWith('@')
  if (isPackage || to.startsWith('.')) return to
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

const cruise = (root: string): ArrowReport => {
  const command = join(houseRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const options = ['--config', '.dependency-cruiser.js', '--output-type', 'json']
  const stdout = execFileSync(process.execPath, [command, ...options, 'server/src', 'e2e'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return decodeArrowReport(stdout)
}

const rulesAgainst = (report: ArrowReport, from: string): readonly string[] => [
  ...new Set(report.violations.filter((found) => found.from === from).map(({ rule }) => rule)),
]
