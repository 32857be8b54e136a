import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type { ChildLink, Relation } from '../../../core/family.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { ManageChildren } from '../../../usecases/manage-children.ts'
import type { ManageInventory } from '../../../usecases/manage-inventory.ts'
import { decodeObjectId } from '../ground/decode-object-id.ts'
import { decodeChildren, decodeReferences } from './decode-references.ts'
import {
  encodeManagedObject,
  encodeReference,
  managedObjectUrl,
  referenceUrl,
} from './encode-managed-object.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { listManagedObjects } from './list-managed-objects.ts'
import { childLists, listOfKind, parentLists } from './object-relations.ts'
import { showRelatives, wholeFamily } from './show-relatives.ts'

export type ChildUseCases = {
  readonly manageInventory: ManageInventory
  readonly manageChildren: ManageChildren
}

/** Children and parents of managed objects (docs/protocols/cumulocity.md, 6.1). */
export const registerChildRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  useCases: ChildUseCases,
): void => {
  for (const [name, relation] of Object.entries<Relation>({ ...childLists, ...parentLists })) {
    /** 200 with a page of references; 422 for a page or a query that cannot be read; 403; 404. */
    server.get(
      `/inventory/managedObjects/:id/${name}`,
      answerWith(ports, (exchange) => listRelatives(exchange, useCases, relation)),
    )
  }

  for (const [name, { kind }] of Object.entries(childLists)) {
    const list = `/inventory/managedObjects/:id/${name}`

    /** 201 with `Location`, for one, many or a new child; 404, 403; 422 for an object as its own child. */
    server.post(
      list,
      answerWith(ports, (exchange) => addChildren(exchange, useCases, kind)),
    )

    /** 204, all or none of a collection; 404; 403; 422 for an object that is not a child here. */
    server.delete(
      list,
      answerWith(ports, (exchange) => removeChildren(exchange, useCases, kind)),
    )

    /** 200; 404; 403; 422 for an object that is not a child here. */
    server.get(
      `${list}/:childId`,
      answerWith(ports, (exchange) => readChild(exchange, useCases, kind)),
    )

    /** 204; 404; 403; 422 for an object that is not a child here. */
    server.delete(
      `${list}/:childId`,
      answerWith(ports, (exchange) => removeChild(exchange, useCases, kind)),
    )
  }
}

type Kind = ChildLink['kind']

const listRelatives = async (
  exchange: Exchange,
  useCases: ChildUseCases,
  { to, kind }: Relation,
): Promise<Answerable<Answer>> => {
  const id = decodeObjectId(exchange, 'id')
  const object = id.ok ? await useCases.manageInventory.read(exchange.principal, id.value) : id
  if (!object.ok) return object
  const of = object.value.id
  const where =
    to === 'children' ? { childOf: { parent: of, kind } } : { parentOf: { child: of, kind } }
  const list = to === 'children' ? listOfKind[kind] : `${kind}Parents`
  return listManagedObjects(exchange, useCases, {
    resource: 'managedObjectReferenceCollection',
    name: 'references',
    url: `${managedObjectUrl(exchange.base, of)}/${list}`,
    where,
    encode: (relative, text) => {
      const [parent, child] = to === 'children' ? [of, relative.id] : [relative.id, of]
      return encodeReference(text, { parent, kind }, child, exchange.base)
    },
  })
}

const addChildren = async (
  exchange: Exchange,
  useCases: ChildUseCases,
  kind: Kind,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const children = decodeChildren(body.value)
  if (!children.ok) return children
  const parent = decodeObjectId(exchange, 'id')
  if (!parent.ok) return parent
  const to = { parent: parent.value, kind }
  const { principal } = exchange
  if (children.value.kind === 'new') {
    const { draft, owner } = children.value.owned
    const created = await useCases.manageInventory.create(principal, [draft], owner, to)
    return created.ok ? encodeCreated(exchange, useCases, created.value) : created
  }
  const linked = await useCases.manageChildren.link(principal, to, children.value.ids)
  if (!linked.ok) return linked
  return success(encodeLinked(linked.value, to, children.value.kind, exchange.base))
}

const encodeCreated = async (
  { principal, base }: Exchange,
  { manageChildren }: ChildUseCases,
  objects: readonly ManagedObject[],
): Promise<Answerable<Answer>> => {
  const shown = await showRelatives(manageChildren, principal, objects, wholeFamily)
  // Who may create and not see learns of what it has made, and nothing of its family.
  const family = shown.ok ? shown.value : undefined
  const body = objects.map((object) => encodeManagedObject(object, base, family)).join(',')
  const location = objects.map(({ id }) => managedObjectUrl(base, id)).join(',')
  return success({ status: 201, resource: 'managedObject', body, location })
}

const encodeLinked = (
  children: readonly ManagedObject[],
  to: ChildLink,
  asked: 'one' | 'many',
  base: string,
): Answer => {
  const references = children
    .map((child) => encodeReference(encodeManagedObject(child, base), to, child.id, base))
    .join(',')
  const self = `${managedObjectUrl(base, to.parent)}/${listOfKind[to.kind]}`
  if (asked === 'many') {
    const body = `{"self":"${self}","references":[${references}]}`
    return { status: 201, resource: 'managedObjectReferenceCollection', body, location: self }
  }
  const location = children.map(({ id }) => referenceUrl(base, to, id)).join(',')
  return { status: 201, resource: 'managedObjectReference', body: references, location }
}

const removeChildren = async (
  exchange: Exchange,
  { manageChildren }: ChildUseCases,
  kind: Kind,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const children = decodeReferences(body.value.text)
  if (!children.ok) return children
  const parent = decodeObjectId(exchange, 'id')
  if (!parent.ok) return parent
  const from = { parent: parent.value, kind }
  const done = await manageChildren.unlink(exchange.principal, from, children.value)
  return done.ok ? success(removed) : done
}

const readChild = async (
  exchange: Exchange,
  { manageChildren }: ChildUseCases,
  kind: Kind,
): Promise<Answerable<Answer>> => {
  const { principal, base } = exchange
  const parent = decodeObjectId(exchange, 'id')
  if (!parent.ok) return parent
  const child = decodeObjectId(exchange, 'childId')
  if (!child.ok) return child
  const at = { parent: parent.value, kind }
  const object = await manageChildren.read(principal, at, child.value)
  if (!object.ok) return object
  const shown = await showRelatives(manageChildren, principal, [object.value], wholeFamily)
  if (!shown.ok) return shown
  const text = encodeManagedObject(object.value, base, shown.value)
  const body = encodeReference(text, at, child.value, base)
  return success({ status: 200, resource: 'managedObjectReference', body })
}

const removeChild = async (
  exchange: Exchange,
  { manageChildren }: ChildUseCases,
  kind: Kind,
): Promise<Answerable<Answer>> => {
  const parent = decodeObjectId(exchange, 'id')
  if (!parent.ok) return parent
  const child = decodeObjectId(exchange, 'childId')
  if (!child.ok) return child
  const from = { parent: parent.value, kind }
  const done = await manageChildren.unlink(exchange.principal, from, [child.value])
  return done.ok ? success(removed) : done
}

const removed: Answer = { status: 204, resource: 'managedObjectReference', body: undefined }
