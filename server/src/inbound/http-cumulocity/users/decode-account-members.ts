import type { Issue } from '../../../core/failure.ts'
import { readElements } from '../../../core/json-text.ts'
import { customPropertiesLengthMax } from '../../../core/limits.ts'
import { decodePermission } from '../../../core/permission.ts'
import type { DevicePermissions } from '../../../core/permission.ts'
import { decodeMembers, decodeText } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** The members of a member that is an object; undefined when it is absent or something else. */
const membersAt = (members: Members | undefined, name: string): Members | undefined => {
  const member = members?.get(name)
  const inner = member?.kind === 'object' ? decodeMembers(member.value) : undefined
  return inner?.ok === true ? inner.value : undefined
}

/** What `{"<name>": {"id": …}}` or `{"<name>": {"self": …}}` names: the id, or the last part of the address. */
export const decodeReference = (members: Members, name: string): string | undefined => {
  const named = membersAt(members, name)
  if (named === undefined) return undefined
  const id = named.get('id')
  if (id?.kind === 'number') return id.value
  const self = decodeText(named, 'self', [])?.split('/').at(-1)
  return decodeText(named, 'id', []) ?? (self === undefined ? undefined : unescapePart(self))
}

const unescapePart = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}

/** `{"<object>": ["EVENT:*:READ", …]}` (docs/protocols/cumulocity.md, 5.6); undefined when absent. */
export const decodeDevicePermissions = (
  members: Members,
  issues: Issue[],
): DevicePermissions | undefined => {
  const path = 'devicePermissions'
  const member = members.get(path)
  if (member === undefined || member.kind === 'null') return undefined
  const objects = membersAt(members, path)
  if (objects === undefined) {
    issues.push({ path, problem: 'wrong', message: 'must be an object' })
    return undefined
  }
  return Object.fromEntries(
    objects.values().map(({ name, kind, value }) => {
      if (!/^[1-9]\d{0,15}$/.test(name)) {
        issues.push({ path: `${path}.${name}`, problem: 'wrong', message: 'must be an object id' })
      }
      return [name, kind === 'array' ? decodePermissions(value, `${path}.${name}`, issues) : []]
    }),
  )
}

const decodePermissions = (array: string, path: string, issues: Issue[]): readonly string[] =>
  readElements(array).map((element) => {
    const text: unknown = JSON.parse(element)
    if (typeof text === 'string' && decodePermission(text) !== undefined) return text
    issues.push({ path, problem: 'wrong', message: 'must be texts like EVENT:*:READ' })
    return ''
  })

/** A JSON object as text; undefined when absent. */
export const decodeCustomProperties = (members: Members, issues: Issue[]): string | undefined => {
  const path = 'customProperties'
  const member = members.get(path)
  if (member === undefined || member.kind === 'null') return undefined
  if (member.kind === 'object' && member.value.length <= customPropertiesLengthMax) {
    return member.value
  }
  const message = `must be an object of at most ${customPropertiesLengthMax} characters`
  issues.push({ path, problem: 'wrong', message })
  return undefined
}

/** True or false; undefined when absent. */
export const decodeFlag = (
  members: Members,
  path: string,
  issues: Issue[],
): boolean | undefined => {
  const member = members.get(path)
  if (member === undefined || member.kind === 'null') return undefined
  if (member.kind === 'boolean') return member.value === 'true'
  issues.push({ path, problem: 'wrong', message: 'must be true or false' })
  return undefined
}
