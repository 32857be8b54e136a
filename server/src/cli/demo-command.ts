import type { Command } from 'commander'
import type { Log } from '../app/create-log.ts'
import type { SettingTexts } from '../app/decode-config.ts'
import { prepareDemo } from '../app/prepare-demo.ts'
import { fleetSecond, fleetSerials, type DemoRequest, type FleetIds } from './demo-fleet.ts'
import { withExample, type CommandContext } from './outcome.ts'
import { serve, type Companion } from './serve-command.ts'
import { withSettingOptions } from './setting-options.ts'

/** `belfry demo`: `serve` with a small simulated fleet that keeps sending through HTTP. */
export const addDemoCommand = (program: Command, context: CommandContext): void => {
  const command = withSettingOptions(
    program
      .command('demo')
      .description(
        'Run the server with a small simulated fleet that keeps sending: doors, trackers and kiosks, with a few bad clocks, duplicates and an outage.',
      ),
  )
  withExample(command, 'belfry demo --data-dir ./belfry-demo')
  command.action(async (flags: SettingTexts) => {
    context.exitWith(await serve(context, flags, startFleet))
  })
}

const startFleet: Companion = async ({ url, ports }, { bootstrapTenant: tenant }, log) => {
  const prepared = await prepareDemo(ports, tenant, fleetSerials)
  if (!prepared.ok) {
    log.error({ failure: prepared.failure, tenant }, 'the demo fleet has no place to send to')
    return () => Promise.resolve()
  }
  const { devices, appId, key, end } = prepared.value
  const known = new Map<string, string>(devices.map(({ serial, id }) => [serial, String(id)]))
  const ids = { tenant, appId, idOf: (serial: string) => known.get(serial) ?? '' }
  log.info({ devices: devices.length, tenant }, 'the demo fleet sends')
  const stop = sendEverySecond({ url, key, ids, log })
  return async () => {
    await stop()
    await end()
  }
}

type Sending = {
  readonly url: string
  readonly key: string
  readonly ids: FleetIds
  readonly log: Log
}

/** Answers how to stop: what is under way is waited for. */
const sendEverySecond = (sending: Sending): (() => Promise<void>) => {
  const underWay = new Set<Promise<void>>()
  let second = 0
  const timer = setInterval(() => {
    const sent = sendSecond(sending, second).finally(() => underWay.delete(sent))
    underWay.add(sent)
    second += 1
  }, 1_000)
  return async () => {
    clearInterval(timer)
    await Promise.all(underWay)
  }
}

/** One after the other, so that a device's repetition meets what it repeats. */
const sendSecond = async (sending: Sending, second: number): Promise<void> => {
  for (const request of fleetSecond(second, Date.now(), sending.ids)) await send(sending, request)
}

const sendTimeoutMs = 5_000

/** A device that is refused goes on with its next event; the log has the answer. */
const send = async ({ url, key, log }: Sending, { path, body }: DemoRequest): Promise<void> => {
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(sendTimeoutMs),
    })
    await response.arrayBuffer()
    const isExpected = response.ok || response.status === 409
    if (!isExpected) log.warn({ path, status: response.status }, 'a demo event was refused')
  } catch (error) {
    log.warn({ path, cause: String(error) }, 'a demo event had no answer')
  }
}
