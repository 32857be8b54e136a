import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished, vi } from 'vitest'
import { failed, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { HoldData } from '../../ports/backups.ts'
import { backupsContract } from '../../ports/backups.contract.ts'
import { createStepClock, valueOf } from '../../ports/event-samples.contract.ts'
import { checkBackup } from './check-backup.ts'
import { createBackups } from './create-backups.ts'
import { encodeManifest, encodeSum } from './decode-manifest.ts'

const scratchFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'belfry-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'belfry-test-')))

const copyOne = (folder: string): Promise<Result<void>> => {
  writeFileSync(join(folder, 'one'), 'content')
  return Promise.resolve(success(undefined))
}

const holdOne: HoldData = () =>
  Promise.resolve(success({ copyTo: copyOne, release: () => Promise.resolve() }))

const open = (hold: HoldData = holdOne) =>
  createBackups({
    ...{ dataFolder, hold, clock: createStepClock() },
    logProblem: (message, cause) => {
      throw new Error(`${message}: ${cause}`)
    },
  })

afterAll(() => rmSync(dataFolder, { recursive: true }))

backupsContract('files', open)

const full = failed({ kind: 'unavailable', reason: 'disk-full', retryAfterS: 1 })

it('what cannot be copied leaves nothing behind, and says why', async () => {
  const folder = scratchFolder()
  const backups = open(() =>
    Promise.resolve(
      success({ copyTo: () => Promise.resolve(full), release: () => Promise.resolve() }),
    ),
  )
  const { id } = valueOf(await backups.begin(join(folder, 'new')))
  await backups.close()
  expect(valueOf(await backups.read(id)).state).toMatchObject({
    kind: 'failed',
    problem: 'disk-full',
  })
  expect(readdirSync(folder)).toEqual([])
})

it('a copy that breaks off lets go of the data, and leaves nothing behind', async () => {
  const folder = scratchFolder()
  const problems: string[] = []
  let released = 0
  const held = {
    copyTo: () => Promise.reject(new Error('the disk was unplugged')),
    release: () => {
      released += 1
      return Promise.resolve()
    },
  }
  const backups = createBackups({
    ...{ dataFolder, hold: () => Promise.resolve(success(held)), clock: createStepClock() },
    logProblem: (message) => problems.push(message),
  })
  const { id } = valueOf(await backups.begin(join(folder, 'new')))
  await vi.waitUntil(async () => valueOf(await backups.read(id)).state.kind === 'failed')
  expect(released).toBe(1)
  expect(problems).toEqual(['a backup failed'])
  expect(readdirSync(folder)).toEqual([])
  await backups.close()
})

it('a link into the data folder is no place for a backup', async () => {
  const link = join(scratchFolder(), 'link')
  symlinkSync(dataFolder, link)
  const backups = open()
  expect(await backups.begin(link)).toMatchObject({ failure: { kind: 'invalid' } })
  expect(readdirSync(dataFolder)).toEqual([])
  await backups.close()
})

it('data that cannot be held leave nothing behind', async () => {
  const folder = scratchFolder()
  const backups = open(() => Promise.resolve(full))
  expect(await backups.begin(folder)).toEqual(full)
  expect(readdirSync(folder)).toEqual([])
  await backups.close()
})

it('a hold that breaks off leaves nothing behind, and the next backup can begin', async () => {
  const folder = scratchFolder()
  let isBroken = true
  const backups = open(() => (isBroken ? Promise.reject(new Error('no thread')) : holdOne()))
  await expect(backups.begin(join(folder, 'new'))).rejects.toThrow('no thread')
  expect(readdirSync(folder)).toEqual([])
  isBroken = false
  valueOf(await backups.begin(join(folder, 'new')))
  await backups.close()
})

it('one at a time; one that is given up leaves nothing behind', async () => {
  const folder = scratchFolder()
  let release: (() => void) | undefined
  const backups = open(() => {
    const copied = new Promise<Result<void>>((resolve) => {
      release = () => resolve(failed({ kind: 'unavailable', reason: 'stopping', retryAfterS: 1 }))
    })
    return Promise.resolve(
      success({ copyTo: () => copied, release: () => Promise.resolve(release?.()) }),
    )
  })
  const { id } = valueOf(await backups.begin(join(folder, 'a')))
  expect(await backups.begin(join(folder, 'b'))).toMatchObject({
    failure: { kind: 'conflict', what: 'backup' },
  })
  expect(existsSync(join(folder, 'b'))).toBe(false)
  await backups.close()
  expect(valueOf(await backups.read(id)).state).toMatchObject({
    kind: 'failed',
    problem: 'the server was stopped',
  })
  expect(readdirSync(folder)).toEqual([])
})

it('a list that names a file outside of the backup is refused, whoever made its checksum', async () => {
  const folder = scratchFolder()
  const backups = open()
  const { id } = valueOf(await backups.begin(folder))
  for (let isRunning = true; isRunning;) {
    isRunning = valueOf(await backups.read(id)).state.kind === 'running'
    await new Promise(setImmediate)
  }
  await backups.close()
  expect(checkBackup(folder)).toMatchObject({ ok: true, manifest: { files: 1, bytes: 7 } })
  const list = encodeSum({ sha256: '0'.repeat(64), path: 'data/../../../etc/passwd' })
  writeFileSync(join(folder, 'SHA256SUMS'), list)
  const sums = createHash('sha256').update(list).digest('hex')
  const manifest = { format: 1, taken: '', files: 1, bytes: 7, sums }
  writeFileSync(join(folder, 'backup.json'), encodeManifest(manifest))
  expect(checkBackup(folder)).toEqual({ ok: false, problems: ['SHA256SUMS is damaged'] })
})
