import type { FastifyInstance } from 'fastify'
import type { Backup } from '../../core/backup.ts'
import { success } from '../../core/failure.ts'
import type { ManageBackups } from '../../usecases/manage-backups.ts'
import { answerWith, type NativePorts } from './answer-with.ts'
import { decodeBackupFolder } from './decode-administration.ts'

/**
 * `POST /belfry/v1/backups` begins a backup into a folder of the server's machine and answers 202 with its id;
 * `GET /belfry/v1/backups/{id}` says how far it is (docs/operations.md). For operators on that machine.
 */
export const registerBackups = (
  server: FastifyInstance,
  ports: NativePorts,
  backups: ManageBackups,
): void => {
  server.post(
    '/belfry/v1/backups',
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const folder = body.ok ? decodeBackupFolder(body.value) : body
      if (!folder.ok) return folder
      const begun = await backups.begin(exchange, folder.value)
      return begun.ok ? success({ status: 202, body: encodeBackup(begun.value) }) : begun
    }),
  )
  server.get(
    '/belfry/v1/backups/:backup',
    answerWith(ports, async (exchange) => {
      const found = await backups.read(exchange, exchange.parameter('backup'))
      return found.ok ? success({ status: 200, body: encodeBackup(found.value) }) : found
    }),
  )
}

const encodeBackup = ({ id, folder, beganMs, state }: Backup) => {
  const said = { id, folder, taken: instant(beganMs), state: state.kind }
  if (state.kind === 'running') return said
  const ended = { ...said, ended: instant(state.endedMs) }
  return state.kind === 'done'
    ? { ...ended, files: state.files, bytes: state.bytes }
    : { ...ended, problem: state.problem }
}

const instant = (ms: number): string => new Date(ms).toISOString()
