import { describe, expect, it } from 'vitest'
import { admitEvent } from './admit-event.ts'
import { digestEvent } from './event-digest.ts'
import { toManagedObjectId } from './identity.ts'
import { typeLengthMax } from './limits.ts'
import type { EventDraft } from './admit-event.ts'

const draft: EventDraft = {
  source: toManagedObjectId(4711),
  type: 'door_open',
  text: 'The door is open',
  time: { ms: 0, offsetMinutes: 60 },
  fragments: [],
}

const report = [
  { name: 'appId', value: '"app"' },
  { name: 'severity', value: '3' },
  { name: 'data', value: '{"a":1.50,"b":[null,9007199254740993]}' },
]

describe('admitting an event', () => {
  it('keeps every field of the draft', () => {
    const fragments = [{ name: 'c8y_Position', value: '{"lat":1.50}' }]
    expect(admitEvent({ ...draft, fragments })).toEqual({
      ok: true,
      value: { ...draft, fragments, digest: undefined },
    })
  })

  it.each(['a', '\u{1f600}'])('counts the code points of a type of %s', (character) => {
    expect(admitEvent({ ...draft, type: character.repeat(typeLengthMax) }).ok).toBe(true)
    const refused = admitEvent({ ...draft, type: character.repeat(typeLengthMax + 1) })
    expect(refused).toMatchObject({
      failure: { kind: 'invalid', issues: [{ path: 'type', problem: 'wrong' }] },
    })
  })

  it('reports all problems at once', () => {
    const type = 'x'.repeat(typeLengthMax + 1)
    const fragments = [
      { name: 'a.b', value: '1' },
      { name: 'fine', value: '1' },
      { name: '', value: '1' },
    ]
    const refused = admitEvent({ ...draft, type, fragments })
    expect(
      !refused.ok && refused.failure.kind === 'invalid' && refused.failure.issues,
    ).toHaveLength(3)
  })

  it('gives a digest to what could be a tenant-device event, and to nothing else', () => {
    expect(admitEvent({ ...draft, fragments: report })).toMatchObject({
      value: { digest: digestEvent(draft.text, report) },
    })
    expect(digestEvent(draft.text, report)).toMatch(/^[\w-]{43}$/)
    for (const missing of [0, 1, 2]) {
      const fewer = report.filter((_, index) => index !== missing)
      expect(digestEvent(draft.text, fewer)).toBeUndefined()
      expect(digestEvent(draft.text, [...fewer, { name: 'x', value: '1' }])).toBeUndefined()
      expect(digestEvent(draft.text, [...fewer, { name: 'APPID', value: '1' }])).toBeUndefined()
    }
    expect(digestEvent(draft.text, [...report, { name: 'x', value: '1' }])).toBeUndefined()
    expect(digestEvent(draft.text, [])).toBeUndefined()
  })
})
