import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servePage } from './browser/serve-page.ts'
import type { PageServer } from './browser/serve-page.ts'
import type { Visit } from './browser/page.ts'
import { isChromiumMissing, openPage, startChromium } from './browser/start-chromium.ts'
import { expectStatus } from './api.ts'
import { adminAuthorization, bootstrapPassword, cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

const allWentWell = {
  tenant: 't1',
  user: 'admin',
  listed: ['opened', 'closed'],
  attached: 70_000,
  isUnchanged: true,
  afterDeletion: 404,
}

const refused = { status: 401, challenge: 'XBasic realm="Cumulocity"' }

/** The vendor's client in a page of a real browser: needs Debian's package chromium. */
describe.skipIf(isChromiumMissing()).each(['@c8y/client', 'c8y-client-1018'])(
  'a page with %s in Chromium',
  (line) => {
    let belfry: Belfry
    let browser: Awaited<ReturnType<typeof startChromium>>
    let server: PageServer

    beforeAll(async () => {
      belfry = await startBelfry()
      server = await servePage(belfry.url, line)
      browser = await startChromium()
    })

    afterAll(async () => {
      await browser.close()
      server.close()
      await cleanUp()
    })

    const visit = async (options: Omit<Visit, 'password'>) => {
      const { page, asked } = await openPage(browser, server.url)
      const argument = JSON.stringify({ ...options, password: bootstrapPassword })
      const visited: unknown = await page.evaluate(`visit(${argument})`)
      expect(asked).toEqual([])
      return { page, visited }
    }

    it.each(['Basic', 'bearer', 'cookie'] as const)(
      'behind the same address logs in, creates, lists and attaches with %s',
      async (way) => {
        expect((await visit({ way })).visited).toEqual(allWentWell)
      },
    )

    it('logged in with a cookie stays so when it is opened again, until it logs out', async () => {
      const { page } = await visit({ way: 'cookie' })
      await page.reload()
      const names = (await page.context().cookies()).map(({ name, httpOnly }) => [name, httpOnly])
      expect(names).toEqual([
        ['authorization', true],
        ['XSRF-TOKEN', false],
      ])
      expect(await page.evaluate('resume()')).toEqual({ user: 'admin', afterLogOut: 401 })
    })

    it('is told of a wrong password itself, and the browser asks nobody', async () => {
      const { page, asked } = await openPage(browser, server.url)
      expect(await page.evaluate('guess()')).toEqual(refused)
      expect(asked).toEqual([])
      const plain = new URL('/event/events', server.url).href
      expect(await page.evaluate(`fetch(${JSON.stringify(plain)}).then((a) => a.status)`)).toBe(401)
      expect(asked).toEqual([plain])
    })

    it.each(['Basic', 'bearer'] as const)(
      'of another origin does the same with %s',
      async (way) => {
        expect((await visit({ way, url: belfry.url })).visited).toEqual(allWentWell)
      },
    )

    it('of another origin is told of a wrong password, too', async () => {
      const { page, asked } = await openPage(browser, server.url)
      expect(await page.evaluate(`guess(${JSON.stringify(belfry.url)})`)).toEqual(refused)
      expect(asked).toEqual([])
    })

    it('of an origin that its tenant does not name learns nothing', async () => {
      await expectStatus(belfry, 200, 'POST', '/tenant/options', {
        json: {
          category: 'access.control',
          key: 'allow.origin',
          value: 'https://pages.example.org',
        },
      })
      const { page } = await openPage(browser, server.url)
      const call = `fetch('${belfry.url}/event/events', { headers: { authorization: '${adminAuthorization}' } })`
      expect(await page.evaluate(`${call}.then(String, String)`)).toContain('Failed to fetch')
    })
  },
)
