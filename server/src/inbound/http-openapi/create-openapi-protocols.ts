import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Area } from '../http/area.ts'
import type { BaseUrl } from '../http/base-url.ts'
import type { Protocol } from '../http/create-http-server.ts'
import { encodeOpenApi } from './encode-openapi.ts'
import { escapeHtml } from './html-text.ts'
import { openApiArea } from './openapi-area.ts'
import { pageStyle } from './page-style.ts'
import { renderPage } from './render-page.ts'

export type OpenApiPorts = {
  readonly baseUrl: BaseUrl
  readonly version: string
  /** Everything that is served besides, in the order of the document. */
  readonly areas: readonly Area[]
  /** How the server says that it cannot answer. */
  readonly refuse: Protocol['refuse']
}

/**
 * What is served here, in words for programs (`/openapi.json`) and for people (`/docs`). Without credentials on purpose: both
 * say what the documentation says, the same to everybody, and nothing about a tenant. The page is whole in itself: it
 * has no script and loads nothing, so that it works on an island, and its policy forbids everything else.
 */
export const createOpenApiProtocols = (ports: OpenApiPorts): readonly Protocol[] => {
  const { baseUrl, refuse } = ports
  let made: Texts | undefined
  const texts = (): Texts => (made ??= encodeTexts(ports))
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: keyof Texts,
  ): FastifyReply => {
    const base = baseUrl(request)
    return base === undefined
      ? refuse(
          { kind: 'bad-request', status: 400, message: 'the Host is not valid' },
          request,
          reply,
        )
      : send(request, reply, texts()[kind], base)
  }
  return [
    {
      prefix: '/openapi.json',
      areas: [openApiArea],
      register: (server) => {
        server.get('/openapi.json', (request, reply) => answer(request, reply, 'document'))
      },
      refuse,
    },
    {
      prefix: '/docs',
      areas: [],
      register: (server) => {
        server.get('/docs', (request, reply) => answer(request, reply, 'page'))
      },
      refuse,
    },
  ]
}

type Texts = { readonly document: Sent; readonly page: Sent }

type Sent = {
  readonly type: string
  /** The server's address stands between each two of them. */
  readonly parts: readonly string[]
  readonly escape: (address: string) => string
}

/** To be made once, because it takes long, and whoever asks may name another address each time. */
const encodeTexts = ({ areas, version }: OpenApiPorts): Texts => {
  const document = encodeOpenApi([...areas, openApiArea], { version, base: placeholder })
  return {
    document: {
      type: 'application/json',
      parts: JSON.stringify(document).split(placeholder),
      escape: (address) => JSON.stringify(address).slice(1, -1),
    },
    page: {
      type: 'text/html; charset=utf-8',
      parts: renderPage(document).split(placeholder),
      escape: escapeHtml,
    },
  }
}

/** Where the address will stand: nothing that the description could say by itself. */
const placeholder = 'http://address.invalid'

const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  { type, parts, escape }: Sent,
  base: string,
): FastifyReply =>
  reply
    .header('x-request-id', request.id)
    .header('content-type', type)
    .header('cache-control', 'no-cache')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .send(parts.join(escape(base)))

const styleHash = createHash('sha256').update(pageStyle).digest('base64')

/** Nothing but the one style sheet in the page. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
