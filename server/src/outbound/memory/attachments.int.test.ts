import { attachmentsContract } from '../../ports/attachments.contract.ts'
import { createMemoryAttachments } from './attachments.ts'

attachmentsContract('memory', (clock) => Promise.resolve(createMemoryAttachments(clock)))
