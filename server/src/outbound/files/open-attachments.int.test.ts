import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AttachmentOwner } from '../../core/attachment.ts'
import { success } from '../../core/failure.ts'
import { toEventId } from '../../core/identity.ts'
import { attachmentsContract } from '../../ports/attachments.contract.ts'
import { createStepClock, sampleTenant, valueOf } from '../../ports/event-samples.contract.ts'
import { unavailable } from './file-error.ts'
import type { LogProblem } from './file-error.ts'
import { openAttachments } from './open-attachments.ts'

const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const throwProblem = (message: string, cause: string): never => {
  throw new Error(`${message}: ${cause}`)
}

attachmentsContract('files', (clock) =>
  openAttachments({ folder: scratchFolder(), logProblem: throwProblem }, clock),
)

const owner: AttachmentOwner = { kind: 'event', id: toEventId(4711) }
const text = { name: 'a.txt', type: 'text/plain' }

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  )

const openAgain = (folder: string, logProblem: LogProblem = throwProblem) =>
  openAttachments({ folder, logProblem }, createStepClock())

it('a staged file of an earlier run is unsettled, and gone when it is settled', async () => {
  const folder = scratchFolder()
  const files = await openAgain(folder)
  const staged = valueOf(await files.stage(sampleTenant, owner))
  valueOf(await staged.write(Buffer.from('half')))
  writeFileSync(join(folder, 'staged', '1.1.t1.event.1.ready'), 'half')
  const again = await openAgain(folder)
  const unsettled = valueOf(await again.listUnsettled())
  expect(unsettled.map((each) => each.owner)).toEqual([owner])
  for (const each of unsettled) valueOf(await again.settle(each))
  expect(filesIn(folder)).toEqual([])
  await staged.leave()
})

it('what was kept is there for the next run, whatever its note says', async () => {
  const folder = scratchFolder()
  const files = await openAgain(folder)
  const staged = valueOf(await files.stage(sampleTenant, owner))
  valueOf(await staged.write(Buffer.from('whole')))
  valueOf(await staged.keep(owner, text, 'create'))
  const again = await openAgain(folder)
  expect(valueOf(await again.describe(sampleTenant, owner))).toEqual({ ...text, length: 5 })
  expect(valueOf(await again.listUnsettled())).toHaveLength(1)
  const next = valueOf(await again.stage(sampleTenant, owner))
  await next.release()
})

it('what would come out of the reserve of the disk is refused, and room is looked for anew', async () => {
  const folder = scratchFolder()
  const open = (diskReserveBytes: number) =>
    openAttachments({ folder, diskReserveBytes, logProblem: throwProblem }, createStepClock())
  const full = valueOf(await (await open(Number.MAX_SAFE_INTEGER)).stage(sampleTenant, owner))
  for (let turn = 0; turn < 2; turn += 1) {
    expect(await full.write(Buffer.from('x'))).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', reason: 'disk-full' },
    })
  }
  expect(full.length()).toBe(0)
  await full.release()
  const free = valueOf(await (await open(1)).stage(sampleTenant, owner))
  for (let turn = 0; turn < 3; turn += 1) valueOf(await free.write(Buffer.alloc(700_000)))
  expect(valueOf(await free.keep(owner, text, 'create')).length).toBe(2_100_000)
  await free.release()
})

it('what others on the disk need is refused too, and why they cannot say', async () => {
  const answers = [success(100), success(-1), unavailable('storage-failed')]
  const files = await openAttachments(
    {
      folder: scratchFolder(),
      diskReserveBytes: 1,
      roomBytes: () => Promise.resolve(answers.shift() ?? success(0)),
      logProblem: throwProblem,
    },
    createStepClock(),
  )
  const staged = valueOf(await files.stage(sampleTenant, owner))
  const write = async (bytes: number) => {
    const written = await staged.write(Buffer.alloc(bytes))
    return written.ok || (written.failure.kind === 'unavailable' && written.failure.reason)
  }
  expect([await write(100), await write(1), await write(1)]).toEqual([
    true,
    'disk-full',
    'storage-failed',
  ])
  await staged.release()
})

it('a file that was cut off is refused and told once, not served in part', async () => {
  const folder = scratchFolder()
  const problems: string[] = []
  const files = await openAgain(folder, (message) => problems.push(message))
  const staged = valueOf(await files.stage(sampleTenant, owner))
  valueOf(await staged.write(Buffer.from('whole')))
  valueOf(await staged.keep(owner, text, 'create'))
  await staged.release()
  truncateSync(join(folder, 'kept', '01', 't1.event.4711'), 20)
  expect(await files.open(sampleTenant, owner)).toMatchObject({
    ok: false,
    failure: { kind: 'unavailable', reason: 'storage-failed' },
  })
  expect(problems).toEqual(['an attachment is damaged: it does not end with its description'])
})
