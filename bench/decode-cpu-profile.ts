/** A place in the code that samples were taken at; `url` is empty for the engine's own. */
export type ProfileNode = {
  readonly id: number
  readonly callFrame: {
    readonly functionName: string
    readonly url: string
    readonly lineNumber: number
  }
}

/** What Node writes with `--cpu-prof`: one node for each sample, and the microseconds before it. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export const decodeCpuProfile = (text: string): CpuProfile => JSON.parse(text) as CpuProfile
