/** A data folder with events of a synthetic fleet, and what is known about it. */
export type Fleet = {
  /** The data folder. */
  readonly folder: string
  readonly events: number
  /** Ids; each has reported equally often. */
  readonly sources: readonly string[]
  /** The oldest tenth of the events was created before this instant, and nothing else. */
  readonly tenthCreatedTo: string
  /** Bytes of the data folder with the sources in it and no event, and with all events and nothing left to do. */
  readonly bytesBefore: number
  readonly bytesAfter: number
  /** How long the events took to load, in seconds. */
  readonly loadS: number
  /** The commit of the server that loaded them, and the day. */
  readonly loadedBy: string
  readonly loadedOn: string
}

/** What `open-fleet.ts` wrote. */
export const decodeFleet = (text: string): Fleet => JSON.parse(text) as Fleet
