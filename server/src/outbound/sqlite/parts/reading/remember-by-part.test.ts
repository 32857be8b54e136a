import { expect, it } from 'vitest'
import { createRememberByPart } from './remember-by-part.ts'

/** Reads the parts one after the other, and says which of them had to be read. */
const createAsk = (rememberedMax: number, sizeOf?: (part: number) => number) => {
  const remember = createRememberByPart<number>({ rememberedMax, ...(sizeOf && { sizeOf }) })
  return (...parts: readonly number[]): readonly number[] => {
    const read: number[] = []
    for (const part of parts) {
      const answer = remember(part, 1, () => {
        read.push(part)
        return part
      })
      expect(answer).toBe(part)
    }
    return read
  }
}

it('what was read once of a tenant in a part is not read again', () => {
  const remember = createRememberByPart<string>({ rememberedMax: 10 })
  expect(remember(1, 12, () => 'first')).toBe('first')
  expect(remember(1, 12, () => 'second')).toBe('first')
  expect(remember(11, 2, () => 'another part')).toBe('another part')
  expect(remember(1, 2, () => 'another tenant')).toBe('another tenant')
})

it('that there is nothing is remembered too', () => {
  const remember = createRememberByPart<string | undefined>({ rememberedMax: 10 })
  expect(remember(1, 1, () => undefined)).toBeUndefined()
  expect(remember(1, 1, () => 'read anew')).toBeUndefined()
})

it('a read that fails leaves nothing behind', () => {
  const remember = createRememberByPart<string>({ rememberedMax: 10 })
  const fail = (): string => {
    throw new Error('no time left')
  }
  expect(() => remember(1, 1, fail)).toThrow('no time left')
  expect(remember(1, 1, () => 'read')).toBe('read')
})

it('beyond the bound the oldest goes, and only that', () => {
  const ask = createAsk(3)
  expect(ask(1, 2, 3)).toEqual([1, 2, 3])
  expect(ask(3, 2, 1), 'at the bound').toEqual([])
  expect(ask(4), 'beyond').toEqual([4])
  expect(ask(2, 3, 4)).toEqual([])
  expect(ask(1), 'the oldest').toEqual([1])
  expect(ask(3, 4, 1)).toEqual([])
  expect(ask(2), 'the next oldest').toEqual([2])
})

it('however many have come and gone, the last ones are there', () => {
  const ask = createAsk(100)
  const parts = Array.from({ length: 10_000 }, (_, part) => part)
  expect(ask(...parts)).toEqual(parts)
  expect(ask(...parts.slice(-100))).toEqual([])
  expect(ask(...parts.slice(-101, -100))).toHaveLength(1)
})

it('where sizes differ, as many of the oldest go as make room', () => {
  const ask = createAsk(10, (part) => part)
  expect(ask(2, 3, 5)).toEqual([2, 3, 5])
  expect(ask(4), 'in the place of 2 and 3').toEqual([4])
  expect(ask(5, 4)).toEqual([])
  expect(ask(2, 3)).toEqual([2, 3])
})

it('what is larger than the bound is answered, and not remembered', () => {
  const ask = createAsk(10, (part) => part)
  expect(ask(11, 11)).toEqual([11, 11])
  expect(ask(6, 6), 'what comes after it is').toEqual([6])
})
