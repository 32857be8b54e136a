import type { ReceiptId } from '../../core/identity.ts'
import type { AcceptedState } from '../../ports/event-store.ts'
import type { AcceptedReport } from '../../usecases/read-receipt.ts'
import { encodeError, encodeFailure } from './encode-failure.ts'
import { eventUrl } from './encode-report.ts'

/** What a 202 says: the event is safe, and what becomes of it can be asked for. */
export const encodeAccepted = (receipt: ReceiptId): string =>
  `{"receipt":"${receipt}","status":"accepted"}`

/**
 * What became of an accepted event (docs/protocols/tenant-device-events.md, 2): the `id` and link of the event that is
 * stored or was there first, or in `error` what its POST would have been answered with.
 */
export const encodeReceipt = ({ receipt, state }: AcceptedReport, base: string): string =>
  `{"receipt":"${receipt}","status":"${state.status}"${encodeOutcome(state, base)}}`

const encodeOutcome = (state: AcceptedState, base: string): string => {
  switch (state.status) {
    case 'pending':
      return ''
    case 'stored':
    case 'duplicate':
      return `,"id":"${state.id}","self":"${eventUrl(base, state.id)}"`
    case 'rejected':
      return `,"error":${encodeError(encodeFailure(state.failure))}`
  }
}
