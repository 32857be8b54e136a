/** Both, one after the other; in every other round the second one comes first. */
export const inTurn = async (
  round: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<void> => {
  const [one, other] = round % 2 === 0 ? [first, second] : [second, first]
  await one()
  await other()
}
