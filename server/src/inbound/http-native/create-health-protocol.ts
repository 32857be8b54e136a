import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStore } from '../../ports/event-store.ts'
import type { Meter } from '../../ports/meter.ts'
import type { Protocol } from '../http/create-http-server.ts'
import { isLocal } from '../http/is-local.ts'
import { refuse, sendJson, sendProblem } from './answer-with.ts'
import { healthArea } from './native-areas.ts'

export type HealthPorts = {
  readonly events: EventStore
  readonly meter: Meter
  /** Whether the server has started and is not stopping. */
  readonly phase: () => 'starting' | 'running' | 'stopping'
  /** With it, `/metrics` also answers addresses other than loopback. */
  readonly metricsToken: string | undefined
}

/**
 * What machines ask about the server, without credentials: `/livez` (200 as long as it can answer at all), `/readyz` (503 when
 * requests should go elsewhere: starting, stopping, or storage failed) and `/metrics` (Prometheus text).
 */
export const createHealthProtocols = (ports: HealthPorts): readonly Protocol[] => [
  {
    prefix: '/livez',
    areas: [healthArea],
    register: (server) => {
      server.get('/livez', (request, reply) => sendJson(request, reply, 200, { status: 'live' }))
    },
    refuse,
  },
  {
    prefix: '/readyz',
    areas: [],
    register: (server) => {
      server.get('/readyz', (request, reply) => sendReadiness(ports, request, reply))
    },
    refuse,
  },
  {
    prefix: '/metrics',
    areas: [],
    register: (server) => {
      server.get('/metrics', (request, reply) => sendMetrics(ports, request, reply))
    },
    refuse,
  },
]

const sendReadiness = (
  { events, phase }: HealthPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const { state, queuedEvents } = events.health()
  const process = phase()
  const isReady = process === 'running' && state !== 'failed'
  const readiness = state === 'degraded' ? 'degraded' : 'ready'
  const checks = [
    { name: 'process', status: process },
    { name: 'storage', status: state, queuedEvents },
  ]
  const isVerbose = /[?&]verbose(?:[=&]|$)/.test(request.url)
  return sendJson(request, reply, isReady ? 200 : 503, {
    status: isReady ? readiness : 'not ready',
    ...(isVerbose ? { checks } : {}),
  })
}

const sendMetrics = async (
  { meter, metricsToken }: HealthPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  if (!isLocal(request) && !bearsToken(request, metricsToken)) {
    const detail = 'metrics need the bearer token of BELFRY_METRICS_TOKEN'
    return sendProblem(request, reply, { status: 401, title: 'Not authenticated', detail })
  }
  return reply
    .header('x-request-id', request.id)
    .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    .send(await meter.render())
}

const bearsToken = ({ headers }: FastifyRequest, token: string | undefined): boolean => {
  const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined || given === undefined) return false
  return timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
