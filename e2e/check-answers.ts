import { afterEach, expect } from 'vitest'
import { createCheckAnswer } from '../server/src/inbound/http-openapi/answer-check.fixture.ts'
import type { CheckAnswer } from '../server/src/inbound/http-openapi/answer-check.fixture.ts'

/**
 * Runs before each file of whole-process tests: every JSON answer that comes through `fetch` is held
 * against `/openapi.json` of the server that gave it. What does not fit fails the test in which it was seen. The vendor's
 * client does not come through here: in Node it brings a `fetch` of its own.
 */
const realFetch = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const answer = await realFetch(input, init)
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  if (isJson) pending.push(look(methodOf(input, init), answer.clone()))
  return answer
}

const pending: Promise<void>[] = []
const problems: string[] = []
const seen = { answers: 0 }

/** How many answers have been held against a description so far. */
export const checkedAnswers = async (): Promise<number> => {
  await Promise.all(pending.splice(0))
  return seen.answers
}

afterEach(async () => {
  await checkedAnswers()
  expect(problems.splice(0), 'answers that /openapi.json does not describe').toEqual([])
})

const methodOf = (input: string | URL | Request, init: RequestInit | undefined): string => {
  const given = init?.method ?? (input instanceof Request ? input.method : 'GET')
  const wanted = new Headers(init?.headers).get('x-http-method') ?? ''
  return (given === 'POST' && wanted !== '' ? wanted : given).trim().toUpperCase()
}

/** An answer that was cut off, by a kill for example, is none. */
const look = async (method: string, answer: Response): Promise<void> => {
  const { status, headers } = answer
  const { origin, pathname } = new URL(answer.url)
  const body = await attempt(() => answer.text())
  const check = body === undefined ? undefined : await checkOf(origin)
  if (body === undefined || check === undefined) return
  seen.answers += 1
  const contentType = headers.get('content-type') ?? undefined
  const problem = check({ method, path: pathname, status, contentType, body })
  if (problem !== undefined) problems.push(problem)
}

const checksByOrigin = new Map<string, Promise<CheckAnswer | undefined>>()
const checksByDocument = new Map<string, CheckAnswer>()

const checkOf = (origin: string): Promise<CheckAnswer | undefined> => {
  const check = checksByOrigin.get(origin) ?? readCheck(origin)
  checksByOrigin.set(origin, check)
  return check
}

/** Servers differ in their address alone. Whoever has gone by now, or is no Belfry, has no document. */
const readCheck = async (origin: string): Promise<CheckAnswer | undefined> => {
  const answer = await attempt(() => realFetch(`${origin}/openapi.json`))
  const text = answer?.status === 200 ? await attempt(() => answer.text()) : undefined
  if (text === undefined) return undefined
  const document = text.replaceAll(origin, '')
  const check = checksByDocument.get(document) ?? createCheckAnswer(JSON.parse(text))
  checksByDocument.set(document, check)
  return check
}

/** Undefined when the connection was cut off, or nobody listens any more: the test that saw it says whether it may. */
const attempt = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  const [settled] = await Promise.allSettled([ask()])
  return settled.status === 'fulfilled' ? settled.value : undefined
}
