/** One entry of ESLint's `no-restricted-syntax`, with code that it must refuse and code that is fine. */
export type Restriction = {
  readonly selector: string
  readonly message: string
  readonly wrong: string
  readonly right: string
}

export const purity: readonly Restriction[]
export const environment: readonly Restriction[]
export const sql: readonly Restriction[]
export const everywhere: readonly Restriction[]
export const brandsOnly: readonly Restriction[]
