import type { Description, Parameter, Schema } from '../http/area.ts'

/** An OpenAPI 3.1 document, as far as this server uses the format. */
export type OpenApi = {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, OpenApiPath>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  }
}

/** Operations by method, in lower case. */
export type OpenApiPath = Readonly<Record<string, OpenApiOperation>>

export type OpenApiOperation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** Empty for what needs no credentials; else any one of them is enough. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly OpenApiParameter[]
  readonly requestBody?: { readonly required: true; readonly content: OpenApiContent }
  readonly responses: Readonly<Record<string, OpenApiResponse>>
}

export type OpenApiParameter = Omit<Parameter, 'required'> & {
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
}

export type OpenApiContent = Readonly<Record<string, { readonly schema: Schema }>>

export type OpenApiResponse = Pick<Description, 'description'> & {
  readonly content?: OpenApiContent
  readonly headers?: Readonly<
    Record<string, { readonly description: string; readonly schema: Schema }>
  >
}

export type SecurityScheme = Readonly<Record<string, string>>
