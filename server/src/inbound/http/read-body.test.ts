import type { EventEmitter } from 'node:events'
import { ServerResponse, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { heldBodyBytesMax, smallBodyBytesMax } from '../../core/limits.ts'
import { createBodyReader } from './read-body.ts'

const createResponse = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()))

const close = (response: EventEmitter): boolean => response.emit('close')

it('large answers share a budget, which each gives back when it is sent', () => {
  const bodies = createBodyReader()
  const half = heldBodyBytesMax / 2
  const first = createResponse()
  expect(bodies.holdAnswer(first, half)).toMatchObject({ ok: true })
  expect(bodies.holdAnswer(createResponse(), half)).toMatchObject({ ok: true })
  expect(bodies.holdAnswer(createResponse(), half)).toMatchObject({
    ok: false,
    failure: { kind: 'unavailable', reason: 'busy' },
  })
  expect(bodies.holdAnswer(createResponse(), smallBodyBytesMax)).toMatchObject({ ok: true })
  close(first)
  expect(bodies.holdAnswer(createResponse(), half)).toMatchObject({ ok: true })
})
