import type { Json, Schema } from '../http/area.ts'
import { escapeHtml, renderProse } from './html-text.ts'

/** A schema in words: types for the small ones, a table of the members for objects, a link for what has a name. */
export const renderSchema = (schema: Schema): string => {
  const { $ref, description, properties, items } = schema
  if (typeof $ref === 'string') return renderLink($ref)
  const note = typeof description === 'string' ? ` ${renderProse(description)}` : ''
  if (isSchema(properties)) return `${note}${renderMembers(schema, properties)}`
  if (isSchema(items)) return `list of ${renderSchema(items)}${note}`
  const choices = choicesOf(schema)
  if (choices.length > 0) return `${choices.map(renderSchema).join(' or ')}${note}`
  return `<i>${escapeHtml(describeType(schema))}</i>${note}`
}

export const schemaAnchor = (name: string): string => `schema-${name}`

const renderLink = (reference: string): string => {
  const name = reference.split('/').at(-1) ?? ''
  return `<a href="#${schemaAnchor(name)}">${escapeHtml(name)}</a>`
}

const renderMembers = ({ required, additionalProperties }: Schema, members: Schema): string => {
  const mandatory = Array.isArray(required) ? required : []
  const rows = Object.entries(members).map(([name, member]) => {
    const presence = mandatory.includes(name) ? '' : 'optional'
    const type = isSchema(member) ? renderSchema(member) : ''
    return `<tr><td><code>${escapeHtml(name)}</code></td><td>${presence}</td><td>${type}</td></tr>`
  })
  const more = additionalProperties === true ? '<p>And members of your own.</p>' : ''
  return `<table><tbody>${rows.join('')}</tbody></table>${more}`
}

const choicesOf = ({ anyOf, oneOf }: Schema): readonly Schema[] => {
  const choices = anyOf ?? oneOf
  return Array.isArray(choices) ? choices.filter(isSchema) : []
}

const describeType = (schema: Schema): string => {
  const { type, format, enum: values, const: value } = schema
  if (Array.isArray(values)) return values.map(String).join(', ')
  if (value !== undefined) return JSON.stringify(value)
  const types = Array.isArray(type) ? type : [type ?? 'anything']
  const limits = limitNames.flatMap((name) => {
    const limit = schema[name]
    return limit === undefined ? [] : [`${name} ${JSON.stringify(limit)}`]
  })
  return [
    types.map(String).join(' or '),
    ...(typeof format === 'string' ? [format] : []),
    ...limits,
  ].join(', ')
}

const limitNames = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'maxItems',
  'pattern',
  'default',
]

const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
