import { describe, expect, it } from 'vitest'
import { createStopStack } from './stop-stack.ts'

const stackOf = (stopped: string[], failing?: string) => {
  const stack = createStopStack()
  for (const name of ['a', 'b', 'c']) {
    stack.push(() => {
      stopped.push(name)
      return name === failing ? Promise.reject(new Error(name)) : Promise.resolve()
    })
  }
  return stack
}

describe('createStopStack', () => {
  it('stops in reverse order, once', async () => {
    const stopped: string[] = []
    const stack = stackOf(stopped)
    await Promise.all([stack.stopAll(), stack.stopAll()])
    expect(stopped).toEqual(['c', 'b', 'a'])
  })

  it('stops the rest when one part fails, and says so', async () => {
    const stopped: string[] = []
    await expect(stackOf(stopped, 'b').stopAll()).rejects.toThrow('not everything stopped cleanly')
    expect(stopped).toEqual(['c', 'b', 'a'])
  })
})
