import { listOf, openObject, ref, text } from '../../http/area.ts'
import type { Operations, Parameter, Schema } from '../../http/area.ts'
import { answered, created, gone, sent } from '../ground/cumulocity-dialect.ts'
import { childLists, parentLists } from './object-relations.ts'

/** What names a child: `{"managedObject": {"id"}}`, or `self` in the place of the id. */
const named = openObject({ managedObject: openObject({}, { id: text, self: text }) })
const namedList: Schema = openObject({ references: listOf(named) })

const collection = 'application/vnd.com.nsn.cumulocity.managedObjectReferenceCollection+json'
const single = 'application/vnd.com.nsn.cumulocity.managedObjectReference+json'
const whole = 'application/vnd.com.nsn.cumulocity.managedObject+json'

/** Children and parents of managed objects (docs/protocols/cumulocity.md, 6.1). */
export const childOperations = (query: readonly Parameter[]): Operations => {
  const reads = [...Object.keys(childLists), ...Object.keys(parentLists)]
  const operations = [
    ...reads.map((list) => reading(list, query)),
    ...Object.keys(childLists).map(changing),
  ]
  return Object.fromEntries(operations.flatMap((each) => Object.entries(each)))
}

const reading = (list: string, query: readonly Parameter[]): Operations => ({
  [`GET /inventory/managedObjects/:id/${list}`]: {
    summary: `List \`${list}\``,
    query,
    answers: {
      200: answered('A page', 'managedObjectReferenceCollection', ref('ReferencePage')),
    },
  },
})

const changing = (list: string): Operations => ({
  [`POST /inventory/managedObjects/:id/${list}`]: {
    summary: `Add to \`${list}\`: one, many, or a new object`,
    details: 'Which of them it is, the media type says; as plain JSON, the members do.',
    body: {
      'application/json': { anyOf: [named, namedList, ref('NewManagedObject')] },
      [single]: named,
      [collection]: namedList,
      [whole]: ref('NewManagedObject'),
    },
    answers: {
      201: {
        ...created('managedObjectReference', ref('Reference')),
        content: {
          'application/json': {
            anyOf: [ref('Reference'), ref('ReferenceList'), ref('ManagedObject')],
          },
          [single]: ref('Reference'),
          [collection]: ref('ReferenceList'),
          [whole]: ref('ManagedObject'),
        },
      },
    },
    fails: [409],
  },
  [`DELETE /inventory/managedObjects/:id/${list}`]: {
    summary: `Take many out of \`${list}\``,
    details: 'All or none; the objects themselves stay.',
    body: sent('managedObjectReferenceCollection', namedList),
    answers: gone,
  },
  [`GET /inventory/managedObjects/:id/${list}/:childId`]: {
    summary: `Read one of \`${list}\``,
    answers: { 200: answered('The child', 'managedObjectReference', ref('Reference')) },
    fails: [422],
  },
  [`DELETE /inventory/managedObjects/:id/${list}/:childId`]: {
    summary: `Take one out of \`${list}\``,
    answers: gone,
    fails: [422],
  },
})
