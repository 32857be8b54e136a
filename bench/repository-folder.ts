import { fileURLToPath } from 'node:url'

/** The root of the clone. */
export const repositoryFolder = fileURLToPath(new URL('..', import.meta.url))
