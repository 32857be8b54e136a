import { transfersMax, transfersOfTenantMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Attachments } from '../ports/attachments.ts'
import { createAttachToEvents, type AttachToEvents } from '../usecases/attach-to-events.ts'
import type { EventPorts } from '../usecases/event-ports.ts'
import type { FinishPurges } from '../usecases/finish-purges.ts'
import { createTurns, type Turns } from '../usecases/in-turn.ts'
import { createManageInventory } from '../usecases/manage-inventory.ts'
import { createQueryEvents } from '../usecases/query-events.ts'
import { createSweepAttachments, type SweepAttachments } from '../usecases/remove-attachments.ts'
import { createSettleAttachments, type SettleAttachments } from '../usecases/settle-attachments.ts'
import { createStoreFiles, type StoreFiles } from '../usecases/store-files.ts'
import { createTransferSlots } from '../usecases/transfer-slots.ts'
import { createUploadInChunks, type UploadInChunks } from '../usecases/upload-in-chunks.ts'

/** Everything that is done with files. To be made once: all of it takes turns and shares its bounds. */
export type FileCases = {
  readonly attachToEvents: AttachToEvents
  readonly uploadInChunks: UploadInChunks
  readonly settleAttachments: SettleAttachments
  readonly sweepAttachments: SweepAttachments
  readonly storeFiles: StoreFiles
  /** Runs while no file is being given to its owner, or taken away. */
  readonly alone: Turns['alone']
}

export const createFileCases = (
  ports: EventPorts & { readonly attachments: Attachments; readonly accounts: Accounts },
  finishPurges: FinishPurges,
): FileCases => {
  const { inTurn, alone } = createTurns()
  const shared = {
    ...ports,
    inTurn,
    slots: createTransferSlots(transfersMax, transfersOfTenantMax),
  }
  return {
    alone,
    attachToEvents: createAttachToEvents(shared, createQueryEvents(ports)),
    uploadInChunks: createUploadInChunks(shared),
    settleAttachments: createSettleAttachments({ ...shared, alone }),
    sweepAttachments: createSweepAttachments(shared),
    storeFiles: createStoreFiles({
      ...shared,
      manageInventory: createManageInventory({ ...ports, finishPurges }),
    }),
  }
}
