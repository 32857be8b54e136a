import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fencedBlocks } from '../checks/prose.ts'
import { readHouse } from '../checks/scratch-house.ts'
import { cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'
import { clientOf, runShell } from './run-command.ts'

let belfry: Belfry

beforeAll(async () => {
  belfry = await startBelfry()
})
afterAll(cleanUp)

/** What only one run can say: ids, the times at which the server heard, and its address. */
const withoutChance = (output: string): string =>
  output
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, '<url>')
    .replaceAll(/\d{12,}/g, '<id>')
    .replaceAll(/"(creationTime|lastUpdated)":"[^"]+"/g, '"$1":"<time>"')

const examples = readHouse('examples/README.md')
  .split(/^## (?=\d\d )/m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    command: fencedBlocks(section, 'sh')[0] ?? '',
    output: fencedBlocks(section, 'text')[0] ?? '',
  }))

describe('the examples', () => {
  it('are six, numbered', () => {
    expect(examples.map(({ title }) => title.slice(0, 2)).join()).toBe('01,02,03,04,05,06')
  })

  it.each(examples)(
    '$title prints what its README says, and again the second time',
    async ({ command, output }) => {
      for (let run = 1; run <= 2; run++) {
        const ended = await runShell(command, clientOf(belfry))
        expect(ended.code, ended.stderr).toBe(0)
        expect(withoutChance(ended.stdout)).toBe(withoutChance(output))
      }
    },
  )
})
