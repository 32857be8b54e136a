import { expect, it } from 'vitest'
import { asSent, encodeJson } from './encode-json.ts'

it('what was sent stands as it was, wherever it is', () => {
  const sent = '{"a": 12345678901234567890, "b":[1.50,"\\u00e9"]}'
  expect(encodeJson(asSent(sent))).toBe(sent)
  expect(encodeJson({ x: [asSent(sent), { y: asSent('1e2') }] })).toBe(`{"x":[${sent},{"y":1e2}]}`)
})

it.each([
  [{}],
  [[]],
  [{ 'a"b': 'c\nd', none: undefined, no: null, yes: true, more: [1, undefined, { x: -0.5 }] }],
  ['text'],
  [null],
])('%j is written as JSON.stringify does', (value) => {
  expect(encodeJson(value)).toBe(JSON.stringify(value))
})
