import { expect, it } from 'vitest'
import { createDurations } from './prometheus-durations.ts'

it('a histogram counts in each bucket what is within its bound, apart for each label', () => {
  const durations = createDurations('took_seconds', 'How long.', ['route', 'method'], [0.1, 1])
  durations.observe(0.1, '/a', 'GET')
  durations.observe(0.5, '/a', 'GET')
  durations.observe(7, '/a', 'GET')
  durations.observe(0.25, '/b"\\\n', 'PUT')
  expect(durations.render().split('\n')).toEqual([
    '# HELP took_seconds How long.',
    '# TYPE took_seconds histogram',
    'took_seconds_bucket{le="0.1",route="/a",method="GET"} 1',
    'took_seconds_bucket{le="1",route="/a",method="GET"} 2',
    'took_seconds_bucket{le="+Inf",route="/a",method="GET"} 3',
    'took_seconds_sum{route="/a",method="GET"} 7.6',
    'took_seconds_count{route="/a",method="GET"} 3',
    'took_seconds_bucket{le="0.1",route="/b\\"\\\\\\n",method="PUT"} 0',
    'took_seconds_bucket{le="1",route="/b\\"\\\\\\n",method="PUT"} 1',
    'took_seconds_bucket{le="+Inf",route="/b\\"\\\\\\n",method="PUT"} 1',
    'took_seconds_sum{route="/b\\"\\\\\\n",method="PUT"} 0.25',
    'took_seconds_count{route="/b\\"\\\\\\n",method="PUT"} 1',
    '',
  ])
})
