/** The names that someone who wrote `name` probably meant, nearest first, at most three. */
export const nearNames = (name: string, known: readonly string[]): readonly string[] =>
  known
    .map((candidate) => ({ candidate, edits: countEdits(name, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 5)))
    .sort((left, right) => left.edits - right.edits || (left.candidate < right.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate)

/** Letters to insert, remove or replace until one text is the other (Levenshtein). */
const countEdits = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...from].entries()) row = nextRow(row, letter, to, at)
  return row[to.length] ?? 0
}

const nextRow = (row: readonly number[], letter: string, to: string, at: number): number[] => {
  const next = [at + 1]
  for (let column = 1; column <= to.length; column += 1) {
    const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1)
    next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
  }
  return next
}
