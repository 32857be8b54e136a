import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AttachmentOwner, AttachmentPlace } from '../core/attachment.ts'
import { toEventId, toManagedObjectId } from '../core/identity.ts'
import { attachmentBytesMax, attachmentChunkBytes } from '../core/limits.ts'
import type {
  AttachmentPage,
  Attachments,
  KeepMode,
  OpenAttachment,
  StagedAttachment,
} from './attachments.ts'
import type { Clock } from './clock.ts'
import {
  createStepClock,
  otherTenant,
  sampleStartMs,
  sampleTenant,
  valueOf,
} from './event-samples.contract.ts'

const first: AttachmentOwner = { kind: 'event', id: toEventId(142_000_000_000_000) }
const second: AttachmentOwner = { kind: 'event', id: toEventId(142_000_000_004_096) }
const object: AttachmentOwner = { kind: 'managed-object', id: toManagedObjectId(first.id) }
const text = { name: 'door.txt', type: 'text/plain' }
const absent = (owner: AttachmentOwner) => ({
  ok: false,
  failure: { kind: 'not-found', what: 'attachment', id: String(owner.id) },
})

/** Every promise of `Attachments` that can be shown without stopping the process, refusals first. */
export const attachmentsContract = (
  name: string,
  makeAttachments: (clock: Clock) => Promise<Attachments>,
): void => {
  describe(`attachments contract: ${name}`, () => {
    let files: Attachments
    beforeEach(async () => {
      files = await makeAttachments(createStepClock())
    })
    afterEach(() => files.close())
    const stage = async (owner: AttachmentOwner | undefined): Promise<StagedAttachment> =>
      valueOf(await files.stage(sampleTenant, owner))
    const keep = async (owner: AttachmentOwner, content: string, mode: KeepMode = 'create') => {
      const staged = await stage(owner)
      valueOf(await staged.write(Buffer.from(content)))
      const kept = await staged.keep(owner, text, mode)
      await staged.release()
      return kept
    }
    const contentOf = async (owner: AttachmentOwner): Promise<string> =>
      readToEnd(valueOf(await files.open(sampleTenant, owner)))

    describe('refuses', () => {
      it('what is not there', async () => {
        expect(await files.describe(sampleTenant, first)).toEqual(absent(first))
        expect(await files.open(sampleTenant, first)).toEqual(absent(first))
        expect(await files.delete(sampleTenant, first)).toEqual(absent(first))
      })

      it('a file of another tenant, of another kind and of another owner', async () => {
        valueOf(await keep(first, 'x'))
        for (const [tenant, owner] of [
          [otherTenant, first],
          [sampleTenant, object],
          [sampleTenant, second],
        ] as const) {
          expect(await files.describe(tenant, owner)).toEqual(absent(owner))
          expect(await files.open(tenant, owner)).toEqual(absent(owner))
          expect(await files.delete(tenant, owner)).toEqual(absent(owner))
        }
        expect(await contentOf(first)).toBe('x')
      })

      it('a second file by create, and keeps the first', async () => {
        valueOf(await keep(first, 'one'))
        expect(await keep(first, 'two')).toEqual({
          ok: false,
          failure: { kind: 'conflict', what: 'attachment', id: String(first.id) },
        })
        expect(await contentOf(first)).toBe('one')
      })

      it('one byte too many, and takes what fits', async () => {
        const staged = await stage(first)
        valueOf(await staged.write(Buffer.alloc(attachmentBytesMax - 1)))
        expect(await staged.write(Buffer.alloc(2))).toEqual({
          ok: false,
          failure: { kind: 'too-large', bytesMax: attachmentBytesMax },
        })
        expect(staged.length()).toBe(attachmentBytesMax - 1)
        valueOf(await staged.write(Buffer.alloc(1)))
        const kept = valueOf(await staged.keep(first, text, 'create'))
        await staged.release()
        expect(kept.length).toBe(attachmentBytesMax)
      })

      it('everything when it is closed', async () => {
        await files.close()
        const stopping = { ok: false, failure: { kind: 'unavailable', reason: 'stopping' } }
        expect(await files.stage(sampleTenant, first)).toMatchObject(stopping)
        expect(await files.describe(sampleTenant, first)).toMatchObject(stopping)
        expect(await files.list(0)).toMatchObject(stopping)
      })
    })

    it('keeps every byte, with its description', async () => {
      const content = Buffer.from(
        Array.from({ length: 2 * attachmentChunkBytes + 7 }, (_, n) => n % 256),
      )
      const staged = await stage(first)
      for (let at = 0; at < content.length; at += 1000) {
        valueOf(await staged.write(content.subarray(at, at + 1000)))
      }
      const description = { name: 'Tür "1"\\ €.bin', type: 'application/x-bin; a="b"' }
      const attachment = { ...description, length: content.length }
      expect(valueOf(await staged.keep(first, description, 'create'))).toEqual(attachment)
      await staged.release()
      expect(valueOf(await files.describe(sampleTenant, first))).toEqual(attachment)
      const open = valueOf(await files.open(sampleTenant, first))
      expect(open).toMatchObject(attachment)
      expect(Buffer.from(await readToEnd(open), 'latin1').equals(content)).toBe(true)
    })

    it('keeps an empty file', async () => {
      expect(valueOf(await keep(first, '')).length).toBe(0)
      expect(await contentOf(first)).toBe('')
    })

    it('shows nothing before keep, nor after what was released without it', async () => {
      const staged = await stage(first)
      valueOf(await staged.write(Buffer.from('x')))
      expect(await files.describe(sampleTenant, first)).toEqual(absent(first))
      await staged.release()
      expect(await files.describe(sampleTenant, first)).toEqual(absent(first))
      expect(await allPlaces(files)).toEqual([])
      expect(valueOf(await files.listUnsettled())).toEqual([])
    })

    it('forgets what is behind the place to which it is rewound', async () => {
      const staged = await stage(first)
      valueOf(await staged.write(Buffer.from('one, a very long mistake')))
      valueOf(await staged.rewind(3))
      expect(staged.length()).toBe(3)
      valueOf(await staged.write(Buffer.from('!')))
      valueOf(await staged.keep(first, text, 'create'))
      await staged.release()
      expect(await contentOf(first)).toBe('one!')
    })

    it('gives a file to an owner that is known at the end only', async () => {
      const staged = await stage(undefined)
      valueOf(await staged.write(Buffer.from('x')))
      valueOf(await staged.keep(object, text, 'create'))
      await staged.release()
      expect(await contentOf(object)).toBe('x')
    })

    it('replaces in one step; who reads the old file reads it to its end', async () => {
      valueOf(await keep(first, 'old'))
      const open = valueOf(await files.open(sampleTenant, first))
      expect(valueOf(await keep(first, 'newer', 'replace')).length).toBe(5)
      expect(await readToEnd(open)).toBe('old')
      expect(await contentOf(first)).toBe('newer')
      expect(await allPlaces(files)).toHaveLength(1)
    })

    it('replaces what is not there', async () => {
      valueOf(await keep(first, 'new', 'replace'))
      expect(await contentOf(first)).toBe('new')
    })

    it('deletes, and takes a new file in its place', async () => {
      valueOf(await keep(first, 'old'))
      const open = valueOf(await files.open(sampleTenant, first))
      valueOf(await files.delete(sampleTenant, first))
      expect(await readToEnd(open)).toBe('old')
      expect(await files.describe(sampleTenant, first)).toEqual(absent(first))
      valueOf(await keep(first, 'new'))
      expect(await contentOf(first)).toBe('new')
    })

    it('lists every file once, of all tenants', async () => {
      const places = [first, second, object].flatMap((owner) =>
        [sampleTenant, otherTenant].map((tenant) => ({ tenant, owner })),
      )
      for (const { tenant, owner } of places) {
        const staged = valueOf(await files.stage(tenant, owner))
        valueOf(await staged.keep(owner, text, 'create'))
        await staged.release()
      }
      const listed = await allPlaces(files)
      expect(listed).toHaveLength(places.length)
      expect(listed).toEqual(expect.arrayContaining(places))
    })

    it('remembers what was left until it is settled', async () => {
      await (await stage(first)).leave()
      await (await stage(undefined)).leave()
      const kept = await stage(second)
      valueOf(await kept.keep(second, text, 'create'))
      await kept.leave()
      const unsettled = valueOf(await files.listUnsettled())
      expect(unsettled.map(({ owner }) => owner)).toEqual([first, undefined, second])
      expect(unsettled[0]).toMatchObject({ tenant: sampleTenant, sinceMs: sampleStartMs })
      for (const each of unsettled) valueOf(await files.settle(each))
      expect(valueOf(await files.listUnsettled())).toEqual([])
      expect(await allPlaces(files)).toEqual([{ tenant: sampleTenant, owner: second }])
    })
  })
}

/** Bytes as characters from 0 to 255. */
const readToEnd = async (open: OpenAttachment): Promise<string> => {
  const chunks: Uint8Array[] = []
  for (let chunk = valueOf(await open.read()); chunk; chunk = valueOf(await open.read())) {
    expect(chunk.length).toBeLessThanOrEqual(attachmentChunkBytes)
    chunks.push(Uint8Array.from(chunk))
  }
  await open.close()
  return Buffer.concat(chunks).toString('latin1')
}

const allPlaces = async (files: Attachments) => {
  const places: AttachmentPlace[] = []
  for (let page: number | undefined = 0; page !== undefined;) {
    const listed: AttachmentPage = valueOf(await files.list(page))
    places.push(...listed.places)
    page = listed.next
  }
  return places
}
