import { describe, expect, it } from 'vitest'
import { judge } from '../.ci/verdict.js'

const files = ['/b/server/dist/a.test.js', '/b/checks/a.test.ts', '/b/e2e/a.e2e.test.ts']

const reportOf = (status: string, names: readonly string[]) => ({
  testResults: names.map((name) => ({ name, assertionResults: [{ status, fullName: 'a fact' }] })),
})

describe('the verdict on a test run', () => {
  it('has nothing against a run in which every project passed', () => {
    expect(judge(reportOf('passed', files))).toEqual([])
  })

  it('is red when no test ran', () => {
    expect(judge({ testResults: [] })).toHaveLength(3)
  })

  it.each(files)('is red when only %s is left out', (file) => {
    const others = files.filter((other) => other !== file)
    expect(judge(reportOf('passed', others))).toHaveLength(1)
  })

  it.each(['skipped', 'pending', 'todo', 'failed'])('is red when a test is %s', (status) => {
    expect(judge(reportOf(status, files))).toHaveLength(3)
  })
})
