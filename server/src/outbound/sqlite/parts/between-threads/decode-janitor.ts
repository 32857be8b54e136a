import type { JanitorAnswer, JanitorTask } from './janitor-messages.ts'

/** Both ends of the port are ours and of one build. */
export const decodeJanitorTask = (message: unknown): JanitorTask => message as JanitorTask
export const decodeJanitorAnswer = (message: unknown): JanitorAnswer => message as JanitorAnswer
