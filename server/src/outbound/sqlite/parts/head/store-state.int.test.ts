import { expect, it } from 'vitest'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'

const synchronousFull = 2

it('after a commit that did not wait for the disk, or failed, the next one waits', () => {
  const { head, commitUnsynced, parts, ...state } = openThreadlessStore().state
  const waits = () => head.pragma('synchronous', { simple: true }) === synchronousFull
  commitUnsynced(() => {
    expect(waits()).toBe(false)
    addThreadlessRows({ head, commitUnsynced, parts, ...state }, 1, 'an event')
  })
  expect(parts.hot().length()).toBe(1)
  expect(waits()).toBe(true)
  expect(() =>
    commitUnsynced(() => {
      throw new Error('a bug')
    }),
  ).toThrow('a bug')
  expect(waits()).toBe(true)
})
