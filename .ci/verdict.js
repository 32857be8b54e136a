import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Where the tests of each vitest project lie: a project that ran none is a project that was forgotten. */
const projects = { server: '/server/dist/', checks: '/checks/', e2e: '/e2e/' }

/**
 * What is wrong with a test run beyond what vitest says itself: nothing ran, or something was left out. Here
 * everything that a test needs is installed, so a skipped test is a failure.
 * `report` is what vitest's JSON reporter writes.
 */
export const judge = (report) => {
  const ran = report.testResults.filter(({ assertionResults }) => assertionResults.length > 0)
  const silent = Object.entries(projects)
    .filter(([, folder]) => !ran.some(({ name }) => name.includes(folder)))
    .map(([project]) => `no test ran in the project ${project}`)
  const left = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(({ status, fullName }) => `${status}: ${fullName} (${name})`),
  )
  return [...silent, ...left]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  const problems = judge(report)
  for (const problem of problems) console.error(problem)
  console.log(`${report.numPassedTests} passed, ${problems.length} failed`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
