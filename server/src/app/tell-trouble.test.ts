import { expect, it } from 'vitest'
import { failed, success } from '../core/failure.ts'
import { createTrouble } from './tell-trouble.ts'
import { listenToLog } from './tell-trouble.fixture.ts'

const full = failed({ kind: 'unavailable', reason: 'disk-full', retryAfterS: 1 })

it('is said once when it begins and once when it is over, however often it is tried', () => {
  const { log, lines } = listenToLog()
  const trouble = createTrouble({ begun: 'it fails', over: 'it works again' }, log)
  const fine = success(undefined)
  for (const tried of [fine, fine, full, full, full, fine, fine, full, fine]) trouble(tried)
  expect(lines()).toEqual(['it fails', 'it works again', 'it fails', 'it works again'])
})
