import type { Result } from '../../core/failure.ts'
import { defaultRetentionRule, retentionDataTypes } from '../../core/retention.ts'
import type { RetentionDraft } from '../../usecases/manage-retention.ts'
import { createReader } from './decode-administration.ts'

/** `{dataType?, fragmentType?, type?, source?, maximumAge}`, as in a retention rule of the Cumulocity dialect. */
export const decodeRetentionDraft = (body: unknown): Result<RetentionDraft> => {
  const reader = createReader()
  const members = reader.object(body, '', [...texts, 'maximumAge'])
  const wanted = reader.text(members, 'dataType') ?? '*'
  const dataType = retentionDataTypes.find((known) => known === wanted)
  if (dataType === undefined) {
    reader.wrong('dataType', `must be one of ${retentionDataTypes.join(', ')}`)
  }
  const condition = (name: (typeof texts)[number]): string | undefined => {
    const text = reader.text(members, name)
    return text === '*' || text === '' ? undefined : text
  }
  const { maximumAge } = members
  if (maximumAge === undefined) reader.missing('maximumAge')
  else if (typeof maximumAge !== 'number') reader.wrong('maximumAge', 'must be a number of days')
  return reader.finish({
    ...defaultRetentionRule,
    dataType: dataType ?? '*',
    fragmentType: condition('fragmentType'),
    type: condition('type'),
    source: condition('source'),
    maximumAge: typeof maximumAge === 'number' ? maximumAge : 0,
  })
}

const texts = ['dataType', 'fragmentType', 'type', 'source'] as const
