/** What the rows of a part without a file weigh. Changes belong to the transaction under way until it ends. */
export type PartSize = {
  /** In a file of their own, with its indexes, about. */
  readonly fileBytes: () => number
  /** In the head, about. */
  readonly headBytes: () => number
  /** Rows that come with their texts; fewer than none that go. */
  readonly add: (rows: number, characters: number) => void
  readonly committed: () => void
  readonly takeBack: () => void
}

/** What a row takes beside its texts. */
const fileRowBytes = 120
const headRowBytes = 56

export const createPartSize = (): PartSize => {
  let [rows, characters] = [0, 0]
  let [pendingRows, pendingCharacters] = [0, 0]
  return {
    fileBytes: () => characters + rows * fileRowBytes,
    headBytes: () => characters + rows * headRowBytes,
    add: (addedRows, addedCharacters) => {
      rows += addedRows
      characters += addedCharacters
      pendingRows += addedRows
      pendingCharacters += addedCharacters
    },
    committed: () => {
      ;[pendingRows, pendingCharacters] = [0, 0]
    },
    takeBack: () => {
      rows -= pendingRows
      characters -= pendingCharacters
      ;[pendingRows, pendingCharacters] = [0, 0]
    },
  }
}
