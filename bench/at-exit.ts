const tasks: (() => void)[] = []

/**
 * Runs when this process ends, however it ends, except by `kill -9`: what was started must not stay behind. What was said
 * last comes first: a folder does not go as long as a server writes to it.
 */
export const atExit = (task: () => void): void => {
  if (tasks.length === 0) listen()
  tasks.push(task)
}

const listen = (): void => {
  process.once('exit', () => {
    for (const task of tasks.toReversed()) task()
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
}
