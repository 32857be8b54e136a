import type { RunningServer } from './start-server.ts'

/** What `/metrics` says of a number that has no labels. */
export const readMetric = async ({ url }: RunningServer, name: string): Promise<number> => {
  const answer = await fetch(`${url}/metrics`)
  const text = await answer.text()
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? []
  if (!answer.ok || value === undefined) throw new Error(`the server does not measure ${name}`)
  return Number(value)
}
