/** The pages that the WAL holds, from what `pragma wal_checkpoint` answers. */
export const walPagesOf = (answer: unknown): number => {
  const [row] = answer as readonly { readonly log: number }[]
  return row?.log ?? 0
}
