import type { AccessArea } from './access-row.fixture.ts'
import { accountAreas } from './account-rows.fixture.ts'
import { eventAreas } from './event-rows.fixture.ts'
import { inventoryAreas } from './inventory-rows.fixture.ts'
import { nativeAreas } from './native-rows.fixture.ts'

/** Every route of the server, once. */
export const roleMatrix: readonly AccessArea[] = [
  ...eventAreas,
  ...inventoryAreas,
  ...accountAreas,
  ...nativeAreas,
]
