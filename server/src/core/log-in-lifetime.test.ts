import { describe, expect, it } from 'vitest'
import { logInLifetimeOf } from './log-in-lifetime.ts'

const day = 24 * 60 * 60 * 1000

const option = (key: string, value: string, category = 'oauth.internal') => ({
  category,
  key,
  value,
})

describe('how long a log-in lasts', () => {
  it('is two days in a body and two weeks in a cookie', () => {
    expect(logInLifetimeOf('in-body', [])).toEqual({ tokenMs: 2 * day, cookieMs: undefined })
    expect(logInLifetimeOf('in-cookie', [])).toEqual({ tokenMs: 14 * day, cookieMs: 14 * day })
  })

  it('is what the options say, each for its own kind', () => {
    const options = [
      option('body-token.lifespan.seconds', '600'),
      option('basic-token.lifespan.seconds', '1200'),
    ]
    expect(logInLifetimeOf('in-body', options)).toMatchObject({ tokenMs: 600_000 })
    const both = { tokenMs: 1_200_000, cookieMs: 1_200_000 }
    expect(logInLifetimeOf('in-cookie', options)).toEqual(both)
    const longer = [...options, option('basic-user.cookie.lifespan.seconds', '3600')]
    expect(logInLifetimeOf('in-cookie', longer)).toEqual({ ...both, cookieMs: 3_600_000 })
  })

  it('of a cookie ends with the browser for a number below nothing', () => {
    const options = [option('basic-user.cookie.lifespan.seconds', '-1')]
    const ends = { tokenMs: 14 * day, cookieMs: undefined }
    expect(logInLifetimeOf('in-cookie', options)).toEqual(ends)
  })

  it.each([
    ['0', 300_000],
    ['-5', 300_000],
    ['299', 300_000],
    ['999999999999', 366 * day],
    ['1e3', 2 * day],
    ['soon', 2 * day],
    ['', 2 * day],
    ['600.5', 2 * day],
  ])('with %j seconds is %d ms', (value, tokenMs) => {
    const options = [option('body-token.lifespan.seconds', value)]
    expect(logInLifetimeOf('in-body', options)).toMatchObject({ tokenMs })
  })

  it('is in no other category', () => {
    const options = [option('body-token.lifespan.seconds', '600', 'oauth')]
    expect(logInLifetimeOf('in-body', options)).toMatchObject({ tokenMs: 2 * day })
  })
})
