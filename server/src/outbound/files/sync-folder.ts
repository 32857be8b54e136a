import { open } from 'node:fs/promises'

/** Makes the names in a folder as durable as what they name: a new or removed one is on disk on return. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
