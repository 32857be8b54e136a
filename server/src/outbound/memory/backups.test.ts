import { backupsContract } from '../../ports/backups.contract.ts'
import { createStepClock } from '../../ports/event-samples.contract.ts'
import { createMemoryBackups } from './backups.ts'

backupsContract('memory', () => createMemoryBackups(createStepClock()))
