import { build } from 'esbuild'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A web server with the page; everything else it passes on to Belfry, as a reverse proxy does. */
export type PageServer = { readonly url: string; readonly close: () => void }

const pagePath = '/page/'
const scriptPath = '/page/page.js'

/** `client` is the package that the page takes for `@c8y/client`. */
export const servePage = async (belfryUrl: string, client: string): Promise<PageServer> => {
  const script = await bundle(client)
  const server = createServer((received, answer) => {
    if (received.url === pagePath)
      send(answer, 'text/html', `<script src="${scriptPath}"></script>`)
    else if (received.url === scriptPath) send(answer, 'text/javascript', script)
    else passOn(belfryUrl, received, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    url: `http://127.0.0.1:${port}${pagePath}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** One script with the client in it, as a page's own build makes it. */
const bundle = async (client: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    alias: { '@c8y/client': client },
    bundle: true,
    write: false,
    platform: 'browser',
    define: { global: 'globalThis' },
  })
  return outputFiles.map(({ text }) => text).join('')
}

const send = (answer: ServerResponse, mediaType: string, body: string): void => {
  answer.writeHead(200, { 'content-type': `${mediaType}; charset=utf-8` }).end(body)
}

const passOn = (url: string, received: IncomingMessage, answer: ServerResponse): void => {
  const { method, headers } = received
  const passed = request(new URL(received.url ?? '/', url), { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(answer)
  })
  passed.on('error', () => answer.destroy())
  received.pipe(passed)
}
