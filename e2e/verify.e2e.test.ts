import {
  copyFileSync,
  linkSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDevice, createEvents, expectStatus, textOf } from './api.ts'
import { adminAuthorization, cleanUp, createFolder, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { runCommand } from './run-command.ts'

let folder: string
/** Where a file is put that is to be missed. */
let away: string
/** Events: in a part's file with an attachment, in the head with one, and without one; and a file of the inventory. */
let sealed: string
let late: string
let plain: string
let stored: string

const event = (device: string) => ({
  ...{ source: { id: device }, type: 'door', text: 'x' },
  time: '2026-02-01T10:00:00Z',
})

const attach = async (belfry: Belfry, device: string): Promise<string> => {
  const { body } = await expectStatus(belfry, 201, 'POST', '/event/events', { json: event(device) })
  const id = textOf(body, 'id')
  const headers = { authorization: adminAuthorization, 'content-type': 'text/plain' }
  const url = `${belfry.url}/event/events/${id}/binaries`
  const sent = await fetch(url, { method: 'POST', headers, body: `content of ${id}` })
  expect(sent.status).toBe(201)
  return id
}

const store = async (belfry: Belfry): Promise<string> => {
  const form = new FormData()
  form.set('object', JSON.stringify({ name: 'firmware', type: 'demo' }))
  form.set('file', new Blob(['bytes']), 'firmware.bin')
  const headers = { authorization: adminAuthorization, accept: 'application/json' }
  const url = `${belfry.url}/inventory/binaries`
  const sent = await fetch(url, { method: 'POST', headers, body: form })
  expect(sent.status).toBe(201)
  return textOf(await sent.json(), 'id')
}

const partsOf = (): number =>
  readdirSync(join(folder, 'events')).filter((name) => name.endsWith('.part')).length

beforeAll(async () => {
  const belfry = await startBelfry({ environment: { BELFRY_PART_ROWS: '1000' } })
  folder = belfry.folder
  away = join(await createFolder(), 'away')
  const device = await createDevice(belfry, 'looked at')
  sealed = await attach(belfry, device)
  const many = Array.from({ length: 600 }, () => event(device))
  for (let turn = 0; turn < 3; turn += 1) await createEvents(belfry, many)
  await waitFor('a part', () => partsOf() > 0)
  late = await attach(belfry, device)
  const { body } = await expectStatus(belfry, 201, 'POST', '/event/events', { json: event(device) })
  plain = textOf(body, 'id')
  stored = await store(belfry)
  await belfry.kill('SIGTERM')
}, 120_000)

afterAll(cleanUp)

/** `event.4711` where it lies below `attachments/kept/`. */
const keptPath = (owner: string): string => {
  const shard = Math.floor(Number(owner.split('.').at(-1)) / 4096) % 64
  return join(
    ...[folder, 'attachments', 'kept', shard.toString(16).padStart(2, '0'), `t1.${owner}`],
  )
}

const notePath = (owner: string): string =>
  join(folder, 'attachments', 'staged', `1.1769936400000.t1.${owner}`)

const listFolder = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()

const expectGood = async (): Promise<void> => {
  const before = listFolder()
  expect(await runCommand(['verify', '--data-dir', folder])).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: `${folder} is good (data)\n`,
  })
  expect(listFolder()).toEqual(before)
}

/** The only problem. */
const expectProblem = async (problem: string): Promise<void> => {
  expect(await runCommand(['verify', '--data-dir', folder])).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: `belfry: ${folder} is not good:\nbelfry: ${problem}\n`,
  })
}

/** With this file away; a note of what was begun with it makes that the next start's matter. */
const expectMissed = async (owner: string, problem: string): Promise<void> => {
  const path = keptPath(owner)
  renameSync(path, away)
  await expectProblem(problem)
  writeFileSync(notePath(owner), '')
  await expectGood()
  rmSync(notePath(owner))
  renameSync(away, path)
}

it('a folder that was stopped is good, and looking leaves no file in it', expectGood)

it('an event in a part or in the head whose attachment is not there is named, unless the next start settles it', async () => {
  for (const id of [sealed, late]) {
    await expectMissed(`event.${id}`, `event ${id} of t1 says that it has a file, and has none`)
  }
})

it('a file of the inventory without its bytes is named, unless an upload of it was cut short', async () => {
  const problem = `managed object ${stored} of t1 says that it has a file, and has none`
  await expectMissed(`managed-object.${stored}`, problem)
  renameSync(keptPath(`managed-object.${stored}`), away)
  writeFileSync(notePath('managed-object.new'), '')
  await expectGood()
  rmSync(notePath('managed-object.new'))
  renameSync(away, keptPath(`managed-object.${stored}`))
})

it('an attachment of an event that says it has none is named, and so is one of another length', async () => {
  const other = keptPath(`event.${plain}`)
  linkSync(keptPath(`event.${late}`), other)
  await expectProblem(`event ${plain} of t1 has a file, and says that it has none`)
  rmSync(other)
  const path = keptPath(`event.${late}`)
  renameSync(path, away)
  copyFileSync(keptPath(`managed-object.${stored}`), path)
  await expectProblem(`event ${late} of t1 says something else of its file than the file does`)
  renameSync(away, path)
})

it('a file of the inventory is named that has another type or length than its object says', async () => {
  const path = keptPath(`managed-object.${stored}`)
  renameSync(path, away)
  copyFileSync(keptPath(`event.${late}`), path)
  const problem = `managed object ${stored} of t1 says something else of its file than the file does`
  await expectProblem(problem)
  const whole = readFileSync(away).toString('latin1')
  const other = whole.replace('application/octet-stream', 'application/octet-strEAM')
  expect(other).not.toBe(whole)
  writeFileSync(path, other, 'latin1')
  await expectProblem(problem)
  rmSync(path)
  renameSync(away, path)
})

it('an attachment and a file of the inventory that lack a byte are named', async () => {
  for (const owner of [`event.${sealed}`, `managed-object.${stored}`]) {
    const path = keptPath(owner)
    renameSync(path, away)
    writeFileSync(path, readFileSync(away).subarray(1))
    await expectProblem(`attachment t1.${owner} is damaged`)
    rmSync(path)
    renameSync(away, path)
  }
})

it('a file whose event is gone is the next start to remove, and no problem', async () => {
  const orphan = keptPath('event.1')
  linkSync(keptPath(`event.${late}`), orphan)
  await expectGood()
  rmSync(orphan)
})
