import type { HttpClient } from './http-client.ts'

/** GETs one after the other; answers how long each took until its body was read, in milliseconds. */
export const timeRequests = async (
  client: HttpClient,
  count: number,
  nextPath: () => string,
  check: (body: string, path: string) => void,
): Promise<readonly number[]> => {
  const tookMs: number[] = []
  while (tookMs.length < count) {
    const path = nextPath()
    const beginMs = performance.now()
    const body = await client.expect(200, { method: 'GET', path })
    tookMs.push(performance.now() - beginMs)
    check(body, path)
  }
  return tookMs
}
