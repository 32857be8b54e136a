import { describe, expect, it } from 'vitest'
import { encodeReadable } from './create-log.ts'

describe('encodeReadable', () => {
  it('shows time, level, message and members on one line', () => {
    const line = '{"level":40,"time":"2026-01-02T03:04:05.678Z","reqId":"r","n":1,"msg":"slow"}\n'
    expect(encodeReadable(line)).toBe('03:04:05.678 WARN  slow  reqId=r  n=1\n')
  })

  it('shows the stack of an error below', () => {
    const line = '{"level":50,"time":"2026-01-02T03:04:05.678Z","err":{"stack":"Error: x\\n at"}}'
    expect(encodeReadable(line)).toBe('03:04:05.678 ERROR \nError: x\n at\n')
  })
})
