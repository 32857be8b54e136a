import { pino } from 'pino'
import { expect, it } from 'vitest'
import { headersTimeoutMs, requestTimeoutMs } from '../../core/limits.ts'
import { createPrometheusMeter } from '../../outbound/system/prometheus-meter.ts'
import { createHttpServer } from './create-http-server.ts'

it.each([
  ['HTTP', undefined],
  ['HTTPS', { cert: '', key: '' }],
])('over %s a client has its time for the headers, and for the whole request', (_, tls) => {
  const logger = pino({ level: 'silent' })
  const { server } = createHttpServer(
    { trustedProxies: [], logger, tls },
    createPrometheusMeter(),
    [],
  )
  expect(server.headersTimeout).toBe(headersTimeoutMs)
  expect(server.requestTimeout).toBe(requestTimeoutMs)
})
