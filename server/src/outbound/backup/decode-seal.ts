import type { Manifest } from './decode-manifest.ts'

export type SealTask = { readonly folder: string; readonly takenMs: number }

/** `code`: what the system said, such as ENOSPC. */
export type SealAnswer =
  { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly code: string }

/** Both ends are ours and of one build: what arrives has the type that was sent. */
export const decodeSealTask = (data: unknown): SealTask => data as SealTask
export const decodeSealAnswer = (message: unknown): SealAnswer => message as SealAnswer
