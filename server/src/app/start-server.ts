import { join, resolve } from 'node:path'
import type { Failure } from '../core/failure.ts'
import { purgeRetryMs } from '../core/limits.ts'
import { closeHttpServer } from '../inbound/http/close-http-server.ts'
import { createHttpServer } from '../inbound/http/create-http-server.ts'
import { createBackups } from '../outbound/backup/create-backups.ts'
import { openAttachments } from '../outbound/files/open-attachments.ts'
import { openSqliteStores } from '../outbound/sqlite/open-stores.ts'
import { leastReserveBytes } from '../outbound/sqlite/parts/head/disk-reserve.ts'
import { createSystemClock } from '../outbound/system/clock.ts'
import { createScryptPasswords } from '../outbound/system/passwords.ts'
import { createPrometheusMeter } from '../outbound/system/prometheus-meter.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import type { HoldData } from '../ports/backups.ts'
import type { Meter } from '../ports/meter.ts'
import { createCarryOutRetention } from '../usecases/carry-out-retention.ts'
import type { CarryOutRetention } from '../usecases/carry-out-retention.ts'
import { createFinishPurges } from '../usecases/finish-purges.ts'
import { limitObjects } from '../usecases/limit-objects.ts'
import { removeWithEvents, removeWithObjects } from '../usecases/remove-attachments.ts'
import { bootstrap, type FirstStart } from './bootstrap.ts'
import type { Log } from './create-log.ts'
import { checkStart, describeAddress, makeFolder } from './check-start.ts'
import type { Config } from './config.ts'
import { createFileCases } from './create-file-cases.ts'
import { createHoldData } from './create-hold-data.ts'
import { createProtocols, type Jobs, type Ports } from './create-protocols.ts'
import { retryPurges } from './retry-purges.ts'
import { readTls, watchTls } from './watch-tls.ts'
import { createStopStack, type StopStack } from './stop-stack.ts'
import {
  createAttachmentTroubles,
  createOrphanNotes,
  tendAttachments,
  type AttachmentTroubles,
  type OrphanNotes,
} from './tend-attachments.ts'
import { tendRetention } from './tend-retention.ts'
import { createTrouble } from './tell-trouble.ts'

export type RunningServer = {
  /** Where it listens, with the real port: `http://127.0.0.1:8080`. */
  readonly url: string
  /** What the very first start on this folder made; undefined on every later one. */
  readonly firstStart: FirstStart | undefined
  readonly ports: Ports
  /** Stops accepting, finishes what was admitted, flushes, and lets go of the folder. */
  readonly close: () => Promise<void>
}

/** Not started: one line that says what to do. Nothing is left open. */
export type Started =
  | { readonly ok: true; readonly server: RunningServer }
  | { readonly ok: false; readonly line: string }

/**
 * Starts in order: looks whether it can, opens the data folder (with its lock), finishes deletions that an earlier run left
 * over, listens, and fills an empty folder. What has been started is stopped in reverse when a later step refuses.
 */
export const startServer = async (config: Config, log: Log): Promise<Started> => {
  const obstacle = await checkStart(config.host, config.port, config.dataDir)
  if (obstacle !== undefined) return { ok: false, line: obstacle }
  const unmade = makeFolder(resolve(config.dataDir))
  if (unmade !== undefined) return { ok: false, line: unmade }
  const stack = createStopStack()
  try {
    const started = await startParts(config, log, stack)
    if (!started.ok) await stack.stopAll()
    return started
  } catch (error) {
    log.debug({ err: error }, 'the start failed')
    await stack.stopAll()
    return { ok: false, line: oneLine(error) }
  }
}

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ')

const startParts = async (config: Config, log: Log, stack: StopStack): Promise<Started> => {
  const notes = createOrphanNotes()
  const { hold, ...opened } = await openPorts(config, log, stack, notes)
  const finishPurges = createFinishPurges(opened)
  const carryOutRetention = createCarryOutRetention({
    ...opened,
    noteRun: (tenant, { removedEvents, removedRecords }) => {
      log.info({ tenant, removedEvents, removedRecords }, 'retention carried out')
    },
  })
  observeRetention(carryOutRetention, opened.meter)
  const jobs = { finishPurges, files: createFileCases(opened, finishPurges), carryOutRetention }
  const troubles = createAttachmentTroubles(log)
  await finishLeftovers(jobs, log, troubles)
  const backups = createBackups({
    dataFolder: resolve(config.dataDir),
    hold: () => jobs.files.alone(hold),
    clock: opened.clock,
    logProblem: logProblemOf(log),
  })
  stack.push(backups.close)
  const ports = { ...opened, backups }
  keepWorking(jobs, log, stack, { notes, troubles })
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  const protocols = createProtocols(config, ports, jobs, () => phase)
  const read = readTls(config)
  if (!read.ok) return read
  const http = createHttpServer(
    { trustedProxies: config.trustProxy ?? [], logger: log, tls: read.tls },
    ports.meter,
    protocols,
  )
  stack.push(() => {
    phase = 'stopping'
    return closeHttpServer(http, config.stopDeadline * shareOfHttp)
  })
  stack.push(watchTls(config, http.server, log))
  const listening = await listen(http, config)
  if (!listening.ok) return listening
  const first = await bootstrap(config, ports)
  if (!first.ok) return refuse(config, first.failure)
  phase = 'running'
  const { url } = listening
  return { ok: true, server: { url, firstStart: first.value, ports, close: stack.stopAll } }
}

/**
 * Before anybody can look. What is refused, for want of space perhaps, is no reason not to start: it is tried again.
 */
const finishLeftovers = async (
  { finishPurges, files }: Jobs,
  log: Log,
  { unsettled }: AttachmentTroubles,
): Promise<void> => {
  const purged = await finishPurges()
  if (!purged.ok) log.warn({ failure: purged.failure }, 'deletions are left over')
  unsettled(await files.settleAttachments())
}

/** What goes on without being asked, until the stack stops it. */
const keepWorking = (
  { finishPurges, files, carryOutRetention }: Jobs,
  log: Log,
  stack: StopStack,
  { notes, troubles }: { readonly notes: OrphanNotes; readonly troubles: AttachmentTroubles },
): void => {
  stack.push(
    retryPurges(finishPurges, purgeRetryMs, (err) => {
      log.error({ err }, 'a purge that was tried again has failed')
    }),
  )
  const tended = {
    settle: files.settleAttachments,
    sweep: files.sweepAttachments,
    expire: files.uploadInChunks.expire,
    troubles,
    onBug: (err: unknown) => {
      log.error({ err }, 'tending attachments failed')
    },
  }
  stack.push(tendAttachments(tended, notes))
  stack.push(
    tendRetention(carryOutRetention, {
      trouble: createTrouble(
        {
          begun: 'retention is not complete and will be tried again',
          over: 'retention is complete again',
        },
        log,
      ),
      onBug: (err) => {
        log.error({ err }, 'retention failed')
      },
    }),
  )
}

const observeRetention = ({ totals }: CarryOutRetention, meter: Meter): void => {
  const count = (name: string, help: string, read: () => number): void => {
    meter.observe(`retention_${name}`, help, read, 'counter')
  }
  count('runs_total', 'Runs that carried out all rules of a tenant', () => totals().runs)
  count('removed_events_total', 'Events that retention removed', () => totals().removedEvents)
  count(
    'removed_audit_records_total',
    'Audit records that retention removed',
    () => totals().removedRecords,
  )
}

/** Of the time a stop may take: the rest is for the store to finish and flush. */
const shareOfHttp = 0.7

const openPorts = async (
  config: Config,
  log: Log,
  stack: StopStack,
  notes: OrphanNotes,
): Promise<Omit<Ports, 'backups'> & { readonly hold: HoldData }> => {
  const clock = createSystemClock()
  const meter = createPrometheusMeter()
  const folder = resolve(config.dataDir)
  const logProblem = logProblemOf(log)
  const { partRows, diskReserve: diskReserveBytes, tenantSizeMax: tenantBytesMax } = config
  const least = leastReserveBytes(partRows)
  if (diskReserveBytes > 0 && diskReserveBytes < least) {
    log.warn(
      { BELFRY_DISK_RESERVE: diskReserveBytes, needed: least },
      'the disk reserve is small for parts of this size: on a full disk little can be deleted at a time',
    )
  }
  const stores = await openSqliteStores(
    { folder, partRows, diskReserveBytes, tenantBytesMax, logProblem },
    clock,
    meter,
  )
  stack.push(stores.close)
  const { roomBytes } = stores
  const files = { folder: join(folder, 'attachments'), diskReserveBytes, roomBytes, logProblem }
  const attachments = await openAttachments(files, clock)
  stack.push(attachments.close)
  const inventory = limitObjects(stores, config.tenantObjectsMax)
  return {
    events: removeWithEvents(stores.events, attachments, notes.note),
    inventory: removeWithObjects(inventory, attachments, notes.note),
    accounts: stores.accounts,
    attachments,
    hold: createHoldData(stores.hold, attachments.hold),
    passwords: createScryptPasswords(),
    secrets: createSecrets(),
    clock,
    meter,
    noteLockOut: (account) => {
      log.warn({ account }, 'locked out after too many wrong passwords')
    },
  }
}

const logProblemOf =
  (log: Log) =>
  (message: string, cause: string): void => {
    log.error({ cause }, message)
  }

const refuse = ({ dataDir }: Config, failure: Failure): Started => {
  const reason = failure.kind === 'unavailable' ? failure.reason : failure.kind
  const said = reason === 'disk-full' ? noRoom : `can't be used (${reason}); see the log`
  return { ok: false, line: `the data folder ${resolve(dataDir)} ${said}` }
}

const noRoom =
  'is on a disk with less free space than BELFRY_DISK_RESERVE: make room there, or set a smaller reserve'

type Http = ReturnType<typeof createHttpServer>

const listen = async (http: Http, { host, port }: Config) => {
  try {
    const url = await http.listen({
      host,
      port,
      listenTextResolver: (address) => `listening on ${address}`,
    })
    return { ok: true, url } as const
  } catch (error) {
    return { ok: false, line: describeAddress(host, port, error) } as const
  }
}
