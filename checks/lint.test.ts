import { ESLint, Linter } from 'eslint'
import { parser } from 'typescript-eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lintFixtures, permittedFixtures } from './lint-fixtures.ts'
import { brandsOnly, environment, everywhere, purity, sql } from './restrictions.js'
import { createScratchHouse } from './scratch-house.ts'
import type { ScratchHouse } from './scratch-house.ts'

describe('a law of the house', () => {
  it.each([...purity, ...environment, ...sql, ...everywhere, ...brandsOnly])(
    'refuses $wrong and permits $right',
    ({ selector, message, wrong, right }) => {
      expect(lintWith({ selector, message }, wrong)).toEqual([message])
      expect(lintWith({ selector, message }, right)).toEqual([])
    },
  )
})

describe('the lint configuration', () => {
  let house: ScratchHouse
  let found: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    const texts = { ...textsOf(lintFixtures), ...textsOf(permittedFixtures) }
    house = createScratchHouse(texts)
    found = await lintHouse(house.root)
  })

  afterAll(() => {
    house.remove()
  })

  it.each(lintFixtures)('stops $rule in $path', ({ path, rule }) => {
    expect(found.get(path)).toEqual([rule])
  })

  it.each(permittedFixtures)('has nothing against $path: $why', ({ path }) => {
    expect(found.get(path)).toEqual([])
  })

  it('holds the hard stops of the style guide', async () => {
    const config: unknown = await new ESLint().calculateConfigForFile('server/src/core/event.ts')
    expect(config).toMatchObject({
      rules: {
        'max-lines': [2, { max: 400 }],
        'max-lines-per-function': [2, { max: 70 }],
        'max-params': [2, { max: 4 }],
        'max-depth': [2, { max: 3 }],
        complexity: [2, { max: 12 }],
      },
    })
  })
})

const lintWith = (
  restriction: { readonly selector: string; readonly message: string },
  code: string,
): readonly string[] =>
  new Linter()
    .verify(
      code,
      [
        {
          files: ['**/*.ts'],
          languageOptions: { parser },
          rules: { 'no-restricted-syntax': ['error', restriction] },
        },
      ],
      'fixture.ts',
    )
    .map(({ message }) => message)

const textsOf = (
  fixtures: readonly { readonly path: string; readonly text: string }[],
): Record<string, string> => Object.fromEntries(fixtures.map(({ path, text }) => [path, text]))

/** The names of the rules that each file breaks, by the file's path. */
const lintHouse = async (root: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const results = await new ESLint({ cwd: root }).lintFiles(['server/src', 'e2e'])
  return new Map(
    results.map(({ filePath, messages }) => [
      filePath.slice(root.length + 1),
      messages.map(({ ruleId, message }) => ruleId ?? message),
    ]),
  )
}
