import type { Schema } from '../http/area.ts'
import type { OpenApi, OpenApiContent, OpenApiOperation, OpenApiParameter } from './openapi.ts'
import { pageStyle } from './page-style.ts'
import { renderSchema, schemaAnchor } from './render-schema.ts'
import { escapeHtml, renderProse } from './html-text.ts'

/** The document as one page of HTML without scripts; what is not needed at a glance is folded away. */
export const renderPage = (document: OpenApi): string => {
  const { info, tags, components } = document
  const [server] = document.servers
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(info.title)}</title><style>${pageStyle}</style></head><body>`,
    `<header><h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1>`,
    `<p>${renderProse(info.description)}</p>`,
    `<p>Served at <code>${escapeHtml(server?.url ?? '')}</code>.`,
    ' The same for programs: <a href="openapi.json">openapi.json</a>, OpenAPI 3.1.</p></header>',
    `<nav><ul>${tags.map(renderTagLink).join('')}`,
    '<li><a href="#credentials">Credentials</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>',
    '<main>',
    ...tags.map((tag) => renderTag(tag, document)),
    renderCredentials(document),
    '<section id="schemas"><h2>Schemas</h2>',
    ...Object.entries(components.schemas).map(renderNamedSchema),
    '</section></main></body></html>',
  ].join('\n')
}

type Tag = OpenApi['tags'][number]

const tagAnchor = ({ name }: Tag): string => `area-${name.toLowerCase().replace(/\W+/g, '-')}`

const renderTagLink = (tag: Tag): string =>
  `<li><a href="#${tagAnchor(tag)}">${escapeHtml(tag.name)}</a></li>`

const renderTag = (tag: Tag, { paths }: OpenApi): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(tag.name))
      .map(([method, operation]) => renderOperation(method, path, operation)),
  )
  const heading = `<h2>${escapeHtml(tag.name)}</h2><p>${renderProse(tag.description)}</p>`
  return `<section id="${tagAnchor(tag)}">${heading}\n${operations.join('\n')}</section>`
}

const renderOperation = (method: string, path: string, operation: OpenApiOperation): string => {
  const { description, parameters, requestBody, responses, operationId } = operation
  const line =
    `<b class="${method}">${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code> ` +
    `<span>${renderProse(operation.summary)}</span>`
  const parts = [
    description === undefined ? '' : `<p>${renderProse(description)}</p>`,
    renderSecurity(operation),
    parameters.length === 0 ? '' : renderParameters(parameters),
    requestBody === undefined ? '' : `<h4>Body</h4>${renderContent(requestBody.content)}`,
    `<h4>Answers</h4>${Object.entries(responses).map(renderResponse).join('')}`,
  ]
  return `<details id="${operationId}"><summary>${line}</summary>${parts.join('')}</details>`
}

const renderSecurity = ({ security }: OpenApiOperation): string => {
  if (security.length === 0) return '<p>No credentials are needed.</p>'
  const names = security.flatMap((each) => Object.keys(each))
  const links = names.map((name) => `<a href="#credentials-${name}">${name}</a>`)
  return `<p>Credentials: ${links.join(' or ')}.</p>`
}

const renderParameters = (parameters: readonly OpenApiParameter[]): string => {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? '' : ', optional'}</td>` +
      `<td>${renderSchema(schema)}</td><td>${renderProse(description)}</td></tr>`,
  )
  return `<h4>Parameters</h4><table><tbody>${rows.join('')}</tbody></table>`
}

type Response = OpenApiOperation['responses'][string]

const renderResponse = ([status, { description, content, headers }]: [
  string,
  Response,
]): string => {
  const told = Object.entries(headers ?? {}).map(
    ([name, header]) => `<br><code>${escapeHtml(name)}</code>: ${renderProse(header.description)}`,
  )
  const body = content === undefined ? '' : ` ${renderContent(content)}`
  return `<div class="answer"><b>${status}</b> ${renderProse(description)}${told.join('')}${body}</div>`
}

/** Media types that share a schema stand together. */
const renderContent = (content: OpenApiContent): string => {
  const typesBySchema = new Map<string, string[]>()
  for (const [type, { schema }] of Object.entries(content)) {
    const html = renderSchema(schema)
    typesBySchema.set(html, [...(typesBySchema.get(html) ?? []), type])
  }
  return [...typesBySchema]
    .map(
      ([html, types]) =>
        `<div class="content">${html} <small>${types.map(escapeHtml).join(', ')}</small></div>`,
    )
    .join('')
}

const renderCredentials = ({ components }: OpenApi): string => {
  const rows = Object.entries(components.securitySchemes).map(
    ([name, scheme]) =>
      `<dt id="credentials-${name}">${name}</dt><dd>${renderProse(scheme['description'] ?? '')}</dd>`,
  )
  return `<section id="credentials"><h2>Credentials</h2><dl>${rows.join('')}</dl></section>`
}

const renderNamedSchema = ([name, schema]: readonly [string, Schema]): string =>
  `<details id="${schemaAnchor(name)}"><summary><code>${name}</code></summary>${renderSchema(schema)}</details>`
