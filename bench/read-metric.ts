import type { RunningServer } from './start-server.ts'

/** What `/metrics` says of a number that has no labels. */
export const readMetric = async (server: RunningServer, name: string): Promise<number> => {
  const [value = Number.NaN] = await readMetrics(server, [name])
  return value
}

/** The same of several numbers at one moment. */
export const readMetrics = async (
  { url }: RunningServer,
  names: readonly string[],
): Promise<readonly number[]> => {
  const answer = await fetch(`${url}/metrics`)
  const text = await answer.text()
  return names.map((name) => {
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? []
    if (!answer.ok || value === undefined) throw new Error(`the server does not measure ${name}`)
    return Number(value)
  })
}
