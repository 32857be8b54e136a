import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

/** Debian's package; nothing is ever downloaded. */
const executablePath = '/usr/bin/chromium'

/** Whether tests in a browser are left out because there is none. Never in CI, where a missing one fails. */
export const isChromiumMissing = (): boolean =>
  process.env['CI'] === undefined && !existsSync(executablePath)

export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** An open page, and for which addresses the browser itself wanted to ask for a password. */
export type WatchedPage = { readonly page: Page; readonly asked: readonly string[] }

/** A page in a context of its own, so that it starts without cookies. */
export const openPage = async (browser: Browser, url: string): Promise<WatchedPage> => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  const asked: string[] = []
  const session = await context.newCDPSession(page)
  session.on('Fetch.requestPaused', ({ requestId }) => {
    void session.send('Fetch.continueRequest', { requestId })
  })
  session.on('Fetch.authRequired', ({ requestId, request }) => {
    asked.push(request.url)
    const authChallengeResponse = { response: 'CancelAuth' } as const
    void session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse })
  })
  await session.send('Fetch.enable', { handleAuthRequests: true })
  return { page, asked }
}
