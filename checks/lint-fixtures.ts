/** A file that must break exactly one rule, once. */
export type LintFixture = {
  readonly path: string
  readonly text: string
  readonly rule: string
}

/** A file that may do what is forbidden elsewhere. */
export type PermittedFixture = {
  readonly path: string
  readonly text: string
  readonly why: string
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

const restricted = 'no-restricted-syntax'

export const lintFixtures: readonly LintFixture[] = [
  {
    path: 'server/src/core/any.ts',
    text: 'export const take = (value: any): boolean => value === 1\n',
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    path: 'server/src/core/bang.ts',
    text: 'export const first = (list: readonly number[]): number => list[0]!\n',
    rule: '@typescript-eslint/no-non-null-assertion',
  },
  {
    path: 'server/src/core/claim.ts',
    text: 'export const claim = (value: unknown): string => value as string\n',
    rule: '@typescript-eslint/consistent-type-assertions',
  },
  {
    path: 'server/src/usecases/floating.ts',
    text: 'export const go = (run: () => Promise<void>): void => {\n  run()\n}\n',
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    path: 'server/src/usecases/misused.ts',
    text: `export const go = (list: readonly number[], run: (n: number) => Promise<void>): void => {
  list.forEach(async (n) => {
    await run(n)
  })
}
`,
    rule: '@typescript-eslint/no-misused-promises',
  },
  {
    path: 'server/src/core/switch.ts',
    text: `export const pick = (kind: 'a' | 'b'): number => {
  switch (kind) {
    case 'a':
      return 1
  }
  return 2
}
`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  {
    path: 'server/src/core/long.ts',
    text: `${lines(401, (index) => `export const a${index} = ${index}`)}\n`,
    rule: 'max-lines',
  },
  {
    path: 'server/src/core/tall.ts',
    text: `export const tall = (take: (n: number) => void): void => {\n${lines(70, () => '  take(1)')}\n}\n`,
    rule: 'max-lines-per-function',
  },
  {
    path: 'server/src/core/wide.ts',
    text: 'export const sum = (a: number, b: number, c: number, d: number, e: number): number =>\n  a + b + c + d + e\n',
    rule: 'max-params',
  },
  {
    path: 'server/src/core/deep.ts',
    text: `export const deep = (a: boolean, take: () => void): void => {
  if (a) {
    for (const b of [1, 2]) {
      if (b === 1) {
        for (let c = 0; c < b; c += 1) take()
      }
    }
  }
}
`,
    rule: 'max-depth',
  },
  {
    path: 'server/src/core/branchy.ts',
    text: `export const branchy = (n: number): number => {\n${lines(12, (index) => `  if (n === ${index}) return ${index * 2}`)}\n  return n\n}\n`,
    rule: 'complexity',
  },
  {
    path: 'server/src/core/empty-block.ts',
    text: 'export const run = (go: () => void): void => {\n  try {\n    go()\n  } finally {\n  }\n}\n',
    rule: 'no-empty',
  },
  {
    path: 'server/src/outbound/sqlite/cause.ts',
    text: `export const run = (go: () => void): void => {
  try {
    go()
  } catch (error) {
    throw new Error(\`it failed: \${String(error)}\`)
  }
}
`,
    rule: 'preserve-caught-error',
  },
  {
    path: 'server/src/inbound/http/print.ts',
    text: "export const print = (): void => console.log('hello')\n",
    rule: 'no-console',
  },
  {
    path: 'server/src/core/default.ts',
    text: 'export default 1\n',
    rule: restricted,
  },
  {
    path: 'server/src/core/clock.ts',
    text: 'export const now = (): number => Date.now()\n',
    rule: restricted,
  },
  {
    path: 'server/src/usecases/timer.ts',
    text: 'export const later = (run: () => void): unknown => setTimeout(run, 5)\n',
    rule: restricted,
  },
  {
    path: 'server/src/outbound/system/environment.ts',
    text: "export const port = process.env['BELFRY_PORT']\n",
    rule: restricted,
  },
  {
    path: 'server/src/app/statement.ts',
    text: "export const read = 'select id from event where tenant = ?'\n",
    rule: restricted,
  },
  {
    path: 'e2e/statement.ts',
    text: "export const read = 'select id from event where tenant = ?'\n",
    rule: restricted,
  },
  {
    path: 'server/src/outbound/sqlite/swallow.ts',
    text: 'export const run = (go: () => void): void => {\n  try {\n    go()\n  } catch {\n    // never mind\n  }\n}\n',
    rule: restricted,
  },
  {
    path: 'server/src/outbound/sqlite/message.ts',
    text: "export const busy = (error: Error): boolean => error.message.includes('locked')\n",
    rule: restricted,
  },
  {
    path: 'server/src/core/claim.test.ts',
    text: 'export const claim = (value: unknown): Error => value as Error\n',
    rule: restricted,
  },
]

export const permittedFixtures: readonly PermittedFixture[] = [
  {
    path: 'server/src/core/literal.test.ts',
    text: "type TenantId = string & { readonly brand: 'TenantId' }\nexport const t1 = 't1' as TenantId\n",
    why: 'a test writes identities down as literals',
  },
  {
    path: 'server/src/inbound/http/decode-foreign.ts',
    text: 'export const decode = (text: string): string => JSON.parse(text) as string\n',
    why: 'decoding is where `as` is at home',
  },
  {
    path: 'server/src/core/constant.ts',
    text: "export const kinds = ['a', 'b'] as const\n",
    why: '`as const` claims nothing',
  },
  {
    path: 'server/src/app/config.ts',
    text: 'export const environment = process.env\n',
    why: 'the environment is read here, once',
  },
  {
    path: 'server/src/outbound/sqlite/read-event.ts',
    text: "export const read = 'select id from event where tenant = ?'\n",
    why: 'SQL is at home in an adapter',
  },
  {
    path: 'server/src/outbound/system/system-clock.ts',
    text: 'export const nowMs = (): number => Date.now()\n',
    why: 'an adapter is where the clock is read',
  },
  {
    path: 'server/src/core/moment.ts',
    text: 'export const write = (ms: number): string => new Date(ms).toISOString()\n',
    why: 'a given moment is pure',
  },
]
