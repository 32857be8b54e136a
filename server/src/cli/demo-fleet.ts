/** A request that a simulated device sends. */
export type DemoRequest = {
  readonly path: string
  readonly body: unknown
}

export type FleetIds = {
  readonly tenant: string
  readonly appId: string
  readonly idOf: (serial: string) => string
}

/** Serial numbers of the simulated devices. */
export const fleetSerials = [
  ...['door-1', 'door-2', 'door-3'],
  ...['tracker-1', 'tracker-2', 'tracker-3'],
  ...['kiosk-1', 'kiosk-2', 'kiosk-3'],
] as const

const hourMs = 3_600_000

/** Devices whose clock is wrong, and by how much. */
const clockErrorsMs: Readonly<Record<string, number>> = {
  'door-3': -hourMs,
  'kiosk-2': 48 * hourMs,
}

/** In every round of `outagePeriodS` seconds, tracker-2 is cut off for `outageS` and then sends what it has kept. */
const outagePeriodS = 60
const outageS = 15

/**
 * What the fleet sends in one second: doors that open and close, trackers that move, kiosks that report. Doors and trackers
 * speak the Cumulocity dialect, kiosks the tenant-device dialect. Some clocks are wrong, one kiosk repeats itself,
 * one tracker has an outage. The same second always gives the same requests.
 */
export const fleetSecond = (
  second: number,
  nowMs: number,
  ids: FleetIds,
): readonly DemoRequest[] => [
  ...doors
    .filter((_, n) => (second + n) % 3 === 0)
    .map((serial) => door(serial, second, nowMs, ids)),
  ...trackers.flatMap((serial) => track(serial, second, nowMs, ids)),
  ...kiosks
    .filter((_, n) => (second + n) % 4 === 0)
    .flatMap((serial) => report(serial, second, nowMs, ids)),
]

const doors = fleetSerials.slice(0, 3)
const trackers = fleetSerials.slice(3, 6)
const kiosks = fleetSerials.slice(6)

const clockOf = (serial: string, nowMs: number): number => nowMs + (clockErrorsMs[serial] ?? 0)

const door = (serial: string, second: number, nowMs: number, ids: FleetIds): DemoRequest => {
  const state = Math.floor(second / 3) % 2 === 0 ? 'open' : 'closed'
  return {
    path: '/event/events',
    body: {
      source: { id: ids.idOf(serial) },
      type: `demo_Door_${state}`,
      text: `Door ${state}`,
      time: new Date(clockOf(serial, nowMs)).toISOString(),
      demo_Door: { state, badge: 1_000 + (second % 17) },
    },
  }
}

const track = (
  serial: string,
  second: number,
  nowMs: number,
  ids: FleetIds,
): readonly DemoRequest[] => {
  const inRound = second % outagePeriodS
  const isCutOff = serial === 'tracker-2' && inRound > 0 && inRound < outageS
  if (isCutOff) return []
  const kept = serial === 'tracker-2' && inRound === outageS ? outageS : 1
  const places = Array.from({ length: kept }, (_, n) => kept - 1 - n)
  return places.map((ago) => position(serial, second - ago, nowMs - ago * 1_000, ids))
}

const position = (serial: string, second: number, nowMs: number, ids: FleetIds): DemoRequest => {
  const angle = (second + 20 * trackers.findIndex((tracker) => tracker === serial)) / 30
  const lat = Number((51.05 + Math.sin(angle) / 100).toFixed(6))
  const lng = Number((13.74 + Math.cos(angle) / 100).toFixed(6))
  return {
    path: '/event/events',
    body: {
      source: { id: ids.idOf(serial) },
      type: 'c8y_LocationUpdate',
      text: 'Location updated',
      time: new Date(clockOf(serial, nowMs)).toISOString(),
      c8y_Position: { lat, lng },
    },
  }
}

/** kiosk-3 never hears the answer to its first try, so it tries again: the server answers 409 and keeps one. */
const report = (
  serial: string,
  second: number,
  nowMs: number,
  { tenant, appId, idOf }: FleetIds,
): readonly DemoRequest[] => {
  const request = {
    path: `/rest/v1/api/tenants/${encodeURIComponent(tenant)}/devices/${idOf(serial)}/events`,
    body: {
      typeId: second % 5 === 0 ? 'paper-low' : 'ticket-sold',
      description: second % 5 === 0 ? 'Paper is running low' : 'A ticket was sold',
      appId,
      severity: second % 5 === 0 ? 3 : 1,
      data: { count: second, euro: 2.4 },
      timestamp: clockOf(serial, nowMs),
    },
  }
  return serial === 'kiosk-3' ? [request, request] : [request]
}
