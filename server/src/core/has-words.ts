/** Whether each word of `text` occurs in `searched`, whatever the case. */
export const hasWords = (text: string, searched: string): boolean =>
  hasAllWords(wordsOf(text), searched)

/** Words stand between white space; for `hasAllWords`. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/u)

export const hasAllWords = (words: readonly string[], searched: string): boolean => {
  const lowerCase = searched.toLowerCase()
  return words.every((word) => lowerCase.includes(word))
}
