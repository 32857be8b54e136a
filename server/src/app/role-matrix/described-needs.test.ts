import { expect, it } from 'vitest'
import { cumulocityAreas } from '../../inbound/http-cumulocity/cumulocity-areas.ts'
import { administrationArea, healthArea } from '../../inbound/http-native/native-areas.ts'
import { tenantDeviceArea } from '../../inbound/http-tenant-device/tenant-device-area.ts'
import { roleMatrix } from './role-matrix.fixture.ts'

const areas = [...cumulocityAreas, tenantDeviceArea, administrationArea, healthArea]
const operations = new Map(areas.flatMap((area) => Object.entries(area.operations)))

/** Rows for which a role alone is enough. */
const rows = roleMatrix
  .flatMap((area) => area.rows)
  .filter(({ roles = [], operators = [] }) => roles.length + operators.length > 0)

it('where the description says which roles a call needs, these are the ones that are enough', () => {
  const told = rows.flatMap(({ route, roles = [], operators = [] }) => {
    const needs = operations.get(route)?.needs
    if (needs === undefined) return []
    const named = new Set(needs.match(/ROLE_\w+/g))
    return [
      { route, named: [...named].sort(), enough: [...new Set([...roles, ...operators])].sort() },
    ]
  })
  expect(told.length).toBeGreaterThan(80)
  expect(told.filter(({ named, enough }) => named.join() !== enough.join())).toEqual([])
})
