/** Orders by code unit, never by the rules of a language. */
export const byText =
  <T>(textOf: (item: T) => string) =>
  (left: T, right: T): number => {
    if (textOf(left) === textOf(right)) return 0
    return textOf(left) < textOf(right) ? -1 : 1
  }
