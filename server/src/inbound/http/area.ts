/** What a JSON document may hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 uses as it is. */
export type Schema = { readonly [keyword: string]: Json }

/** One part of what a protocol serves: its routes in words and schemas, from which `/openapi.json` is made. */
export type Area = {
  /** A heading of the document: unique. */
  readonly name: string
  readonly summary: string
  readonly dialect: Dialect
  /** Schemas by the name that `ref` gives; a name means one thing in the whole document. */
  readonly schemas: Readonly<Record<string, Schema>>
  /** By method and pattern, as they are registered: `GET /event/events/:id`. */
  readonly operations: Operations
}

export type Operations = Readonly<Record<string, Operation>>

export type Operation = {
  /** A few words, without a full stop. */
  readonly summary: string
  /** Sentences: what is worth knowing beyond the schemas. */
  readonly details?: string
  /** Who may, in words; left out when everybody who has proved who they are may. */
  readonly needs?: string
  /** Credentials are not looked at. */
  readonly anyone?: true
  readonly query?: readonly Parameter[]
  readonly headers?: readonly Parameter[]
  readonly body?: Content
  /** What is answered when it went well, by status. */
  readonly answers: Readonly<Record<number, Description>>
  /** Statuses of errors besides those of the dialect that go with every such operation. */
  readonly fails?: readonly number[]
}

export type Parameter = {
  readonly name: string
  readonly description: string
  readonly schema: Schema
  readonly required?: true
}

/** Schemas by media type, without its parameters. */
export type Content = Readonly<Record<string, Schema>>

export type Description = {
  readonly description: string
  readonly content?: Content
  readonly headers?: Readonly<Record<string, { readonly description: string }>>
}

/** What the operations of a protocol have in common. */
export type Dialect = {
  /** Names of `securitySchemes` (`encode-openapi.ts`); any one of them is enough. */
  readonly security: readonly string[]
  /** Headers that every request may have. */
  readonly headers: readonly Parameter[]
  /** Every name that stands in a pattern after a colon. */
  readonly pathParameters: Readonly<Record<string, string>>
  readonly errors: ErrorRules
}

/** Which statuses an error of an operation may have, and what its body is. */
export type ErrorRules = {
  readonly content: Content
  readonly always: readonly number[]
  /** When a caller has to prove who it is. */
  readonly forCallers: readonly number[]
  /** When the path names something. */
  readonly forNames: readonly number[]
  readonly forBodies: readonly number[]
  /** Of everything but GET. */
  readonly forChanges: readonly number[]
  readonly forQueries: readonly number[]
}

/** Uses a schema of any area by its name. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

export const text: Schema = { type: 'string' }
export const flag: Schema = { type: 'boolean' }
export const url: Schema = { type: 'string', format: 'uri' }
export const instant: Schema = { type: 'string', format: 'date-time' }
export const count: Schema = { type: 'integer', minimum: 0 }

export const said = (schema: Schema, description: string): Schema => ({ ...schema, description })

export const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })

export const listOf = (items: Schema): Schema => ({ type: 'array', items })

type Members = Readonly<Record<string, Schema>>

/** An object with these members and no others: `required` are always there. */
export const object = (required: Members, optional: Members = {}): Schema => ({
  type: 'object',
  ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
  properties: { ...required, ...optional },
})

/** An object with members of the sender's own besides these. */
export const openObject = (required: Members, optional: Members = {}): Schema => ({
  ...object(required, optional),
  additionalProperties: true,
})

/** Any JSON object. */
export const anyObject: Schema = { type: 'object', additionalProperties: true }
