type Answer = readonly { readonly busy: number; readonly log: number }[]

/** The pages that the WAL holds, from what `pragma wal_checkpoint` answers. */
export const walPagesOf = (answer: unknown): number => {
  const [row] = answer as Answer
  return row?.log ?? 0
}

/** Whether a checkpoint that was to begin the WAL anew could not, because somebody reads from it. */
export const wasHeldBack = (answer: unknown): boolean => {
  const [row] = answer as Answer
  return row?.busy === 1
}
