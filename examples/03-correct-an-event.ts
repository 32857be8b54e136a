import { connect } from './connect.ts'

/**
 * A scale reported a wrong weight. What was said stays as it was said: a second event at the time of the weighing
 * says what is right and which event it corrects, and the first one gets a note that leads to it.
 */
const client = await connect()
const { data: scale } = await client.inventory.create({ name: 'Scale', c8y_IsDevice: {} })
const time = '2026-02-01T10:00:00.000+01:00'

const { data: wrong } = await client.event.create({
  source: { id: scale.id },
  type: 'weighed',
  text: 'Weighed 1250 kg',
  time,
  load: { kg: 1250 },
})

const { data: right } = await client.event.create({
  source: { id: scale.id },
  type: 'weighed_correction',
  text: 'Weighed 125 kg, not 1250 kg',
  time,
  load: { kg: 125 },
  corrects: { event: wrong.id, reason: 'misplaced point' },
})

await client.event.update({ id: wrong.id ?? '', correctedBy: { event: right.id } })

/** Everything that has been corrected is found by the note, and everything that corrects by its own. */
const textsWith = async (fragmentType: string): Promise<string> => {
  const { data: events } = await client.event.list({ source: scale.id, fragmentType })
  return events.map(({ text }) => text).join(', ')
}
console.log(`corrected: ${await textsWith('correctedBy')}`)
console.log(`corrects: ${await textsWith('corrects')}`)
