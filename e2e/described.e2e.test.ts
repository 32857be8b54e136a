import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDevice, expectStatus } from './api.ts'
import { checkedAnswers } from './check-answers.ts'
import { cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

let belfry: Belfry

beforeAll(async () => {
  belfry = await startBelfry()
})

afterAll(cleanUp)

it('answers are held against the description of the server', async () => {
  const before = await checkedAnswers()
  await createDevice(belfry, 'described')
  await expectStatus(belfry, 404, 'GET', '/event/events/1')
  await expectStatus(belfry, 200, 'GET', '/openapi.json')
  expect((await checkedAnswers()) - before).toBe(3)
})

it('the page and the document need no credentials', async () => {
  const page = await fetch(`${belfry.url}/docs`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /)
  expect(await page.text()).toContain('POST</b> <code>/event/events</code>')
  expect((await fetch(`${belfry.url}/openapi.json`)).status).toBe(200)
})
