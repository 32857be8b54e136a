import { describe, expect, it } from 'vitest'
import { changeEvent } from './change-event.ts'
import { cumulocityBodyBytesMax, fragmentsMax } from './limits.ts'

const old = { text: 'open', fragments: [{ name: 'a', value: '1' }] }

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `f${index}`, value: '1' }))

describe('a partial update', () => {
  it('keeps what it does not name', () => {
    const changed = changeEvent(old, { text: undefined, fragments: [{ name: 'b', value: '2' }] })
    expect(changed).toEqual({
      ok: true,
      value: { text: 'open', fragments: [...old.fragments, { name: 'b', value: '2' }] },
    })
  })

  it('fills an event up to its largest number of fragments and not beyond', () => {
    const change = (count: number) => ({ text: undefined, fragments: numbered(count) })
    expect(changeEvent(old, change(fragmentsMax - 1)).ok).toBe(true)
    expect(changeEvent(old, change(fragmentsMax))).toMatchObject({
      ok: false,
      failure: { kind: 'invalid' },
    })
  })

  it('fills an event up to its largest size and not beyond', () => {
    const change = (characters: number) => ({ text: 'x'.repeat(characters), fragments: [] })
    expect(changeEvent(old, change(cumulocityBodyBytesMax - 1)).ok).toBe(true)
    expect(changeEvent(old, change(cumulocityBodyBytesMax)).ok).toBe(false)
  })
})
