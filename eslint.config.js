import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import { configs, parser } from 'typescript-eslint'
import { brandsOnly, environment, everywhere, purity, sql } from './checks/restrictions.js'

const typescript = ['{server/src,e2e,bench,examples,checks}/**/*.ts', 'vitest.config.ts']
const tests = ['**/*.{test,contract,fixture}.ts']

/** ESLint replaces a rule's options, it does not join them: each place lists all that hold there. */
const restrict = (...lists) => ({
  'no-restricted-syntax': [
    'error',
    ...lists.flat().map(({ selector, message }) => ({ selector, message })),
  ],
})

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '**/*.d.ts', '**/belfry-data/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['*.js', '.ci/*.js', 'checks/*.js', 'server/bin/*.js'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: typescript,
    extends: [js.configs.recommended, configs.strictTypeChecked],
    languageOptions: {
      parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Hard stops. Near ten lines a function and a hundred a file is the aim; over the stop, split by idea.
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'max-params': ['error', { max: 4 }],
      'max-depth': ['error', { max: 3 }],
      complexity: ['error', { max: 12 }],

      // A bug of today stops here, not in production.
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/strict-void-return': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { requireDefaultForNonUnion: true, considerDefaultExhaustiveForUnions: false },
      ],

      // `as` tells the compiler what nobody has checked. It is allowed where foreign data is decoded (below).
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],

      // An adapter that answers at once still owes a promise, and `async` turns its bugs into rejections.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // `for (;;)` and `while (true)` are the honest spelling of a scanner's loop.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'always' },
      ],
      // `[...text]` is how code points are counted and walked.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      ...restrict(everywhere, sql),
    },
  },
  {
    // Programs that a person starts and reads, and tests that print their seed.
    files: ['server/src/cli/**/*.ts', '{bench,examples,e2e}/**/*.ts', ...tests],
    rules: { 'no-console': 'off' },
  },
  { files: ['server/src/**/*.ts'], rules: restrict(everywhere, sql, environment) },
  { files: ['server/src/outbound/**/*.ts'], rules: restrict(everywhere, environment) },
  // What Belfry is compared with, databases among it.
  { files: ['bench/rivals/**/*.ts'], rules: restrict(everywhere) },
  { files: ['server/src/app/config.ts'], rules: restrict(everywhere, sql) },
  {
    files: ['server/src/{core,usecases}/**/*.ts'],
    ignores: tests,
    rules: restrict(everywhere, sql, environment, purity),
  },
  {
    // A `describe` is a table of contents, not a function; and tests write identities down as literals.
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      ...restrict(everywhere, sql, brandsOnly),
    },
  },
  {
    // Trust boundaries: files that read foreign bytes, rows included, and the constructors of the brands.
    files: ['**/decode-*.ts', 'server/src/core/{event-id,identity}.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
    },
  },
  {
    // vitest and ESLint take a default export and nothing else.
    files: ['vitest.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
