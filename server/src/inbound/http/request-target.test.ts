import { expect, it } from 'vitest'
import { pathOfTarget } from './request-target.ts'

it.each([
  ['/event/events?x=1', '/event/events?x=1'],
  ['http://belfry.test/event/events?x=1', '/event/events?x=1'],
  ['HTTPS://belfry.test:8443/a', '/a'],
  ['http://belfry.test?x=1', '/?x=1'],
  ['http://belfry.test', '/'],
  ['*', '/*'],
  ['', '/'],
  ['no slash', '/no slash'],
])('the target %j asks for the path %j', (target, path) => {
  expect(pathOfTarget(target)).toBe(path)
})
