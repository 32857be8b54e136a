import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AttachmentOwner } from '../../core/attachment.ts'
import { toEventId } from '../../core/identity.ts'
import type { Attachments, KeepMode } from '../../ports/attachments.ts'
import { createStepClock, sampleTenant, valueOf } from '../../ports/event-samples.contract.ts'
import { openAttachments } from './open-attachments.ts'

const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const logProblem = (message: string, cause: string): never => {
  throw new Error(`${message}: ${cause}`)
}

const ownerOf = (id: number): AttachmentOwner => ({ kind: 'event', id: toEventId(id) })

const keep = async (files: Attachments, id: number, content: string, mode: KeepMode) => {
  const staged = valueOf(await files.stage(sampleTenant, ownerOf(id)))
  valueOf(await staged.write(Buffer.from(content)))
  valueOf(await staged.keep(ownerOf(id), { name: 'a', type: 'text/plain' }, mode))
  await staged.release()
}

/** Contents of the copies by id, without what describes them. */
const contentsIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(folder, 'kept'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }): [string, string] => [
        name.split('.').at(-1) ?? '',
        readFileSync(join(parentPath, name), 'latin1').split('{')[0] ?? '',
      ]),
  )

it('a copy has the files of the moment, whatever becomes of them before it is made', async () => {
  const folder = scratchFolder()
  const files = await openAttachments({ folder, logProblem }, createStepClock())
  for (const id of [1, 2, 3, 4]) await keep(files, id, `first ${id}`, 'create')
  const onItsWay = valueOf(await files.stage(sampleTenant, ownerOf(5)))
  const held = valueOf(await files.hold())
  expect(await files.hold()).toMatchObject({ failure: { reason: 'busy' } })
  await keep(files, 2, 'second 2', 'replace')
  await keep(files, 2, 'third 2', 'replace')
  valueOf(await files.delete(sampleTenant, ownerOf(3)))
  valueOf(await files.delete(sampleTenant, ownerOf(4)))
  await keep(files, 4, 'anew 4', 'create')
  await keep(files, 6, 'born 6', 'create')
  await keep(files, 6, 'born again 6', 'replace')
  valueOf(await onItsWay.keep(ownerOf(5), { name: 'a', type: 'text/plain' }, 'create'))
  await onItsWay.release()
  const copy = join(scratchFolder(), 'copy')
  mkdirSync(copy)
  valueOf(await held.copyTo(copy))
  await held.release()
  expect(contentsIn(copy)).toEqual({ 1: 'first 1', 2: 'first 2', 3: 'first 3', 4: 'first 4' })
  expect(readdirSync(join(copy, 'staged')).map((name) => name.split('.').at(-1))).toEqual(['5'])
  expect(existsSync(join(folder, 'held'))).toBe(false)
  expect(Object.keys(contentsIn(folder))).toEqual(['1', '2', '4', '5', '6'])
})

it('a hold that fails holds nothing, and the next one can be had', async () => {
  const folder = scratchFolder()
  const problems: string[] = []
  const files = await openAttachments(
    { folder, logProblem: (message) => problems.push(message) },
    createStepClock(),
  )
  await keep(files, 1, 'one', 'create')
  renameSync(join(folder, 'staged'), join(folder, 'elsewhere'))
  expect(await files.hold()).toMatchObject({ failure: { reason: 'storage-failed' } })
  expect(problems).toHaveLength(1)
  renameSync(join(folder, 'elsewhere'), join(folder, 'staged'))
  valueOf(await files.delete(sampleTenant, ownerOf(1)))
  expect(readdirSync(join(folder, 'held'))).toEqual([])
  const held = valueOf(await files.hold())
  await held.release()
})

it('a copy that nobody wants any more ends, and a start removes what was held', async () => {
  const folder = scratchFolder()
  const files = await openAttachments({ folder, logProblem }, createStepClock())
  await keep(files, 1, 'one', 'create')
  const held = valueOf(await files.hold())
  valueOf(await files.delete(sampleTenant, ownerOf(1)))
  expect(readdirSync(join(folder, 'held'))).toHaveLength(1)
  await openAttachments({ folder, logProblem }, createStepClock())
  expect(existsSync(join(folder, 'held'))).toBe(false)
  await held.release()
  const copy = join(scratchFolder(), 'copy')
  mkdirSync(copy)
  expect(await held.copyTo(copy)).toMatchObject({ failure: { reason: 'stopping' } })
})
