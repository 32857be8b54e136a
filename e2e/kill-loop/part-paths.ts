import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the files of parts are, and where those will be that come next. */
export const listPartPaths = async (folder: string): Promise<readonly string[]> => {
  const events = join(folder, 'events')
  const numbers = (await readdir(events)).flatMap((name) => {
    const number = Number(/^(\d{8,})\.part/.exec(name)?.[1])
    return Number.isNaN(number) ? [] : [number]
  })
  const first = Math.max(0, ...numbers) + 1
  const coming = Array.from({ length: comingMax }, (_, index) => first + index)
  return [...new Set([...numbers, ...coming])].map((number) =>
    join(events, `${String(number).padStart(8, '0')}.part`),
  )
}

/** More than a round makes. */
const comingMax = 100

/** The file of a part while it is being built. */
export const toBuildPath = (path: string): string => `${path}.building`
