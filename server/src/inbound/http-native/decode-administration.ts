import { failed, success, type Issue, type Result } from '../../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import { keyLifetimeMaxS } from '../../core/limits.ts'
import type { KeyDraft } from '../../usecases/manage-keys.ts'
import type { TenantDraft } from '../../usecases/manage-tenants.ts'

/** A tenant as an address names it; whether there is one is the use case's question. */
export const decodeTenantName = (text: string): TenantId => text as TenantId

/** `{id, name?, domain?, administrator?: {name?, password?}}` */
export const decodeTenantDraft = (body: unknown): Result<TenantDraft> => {
  const reader = createReader()
  const members = reader.object(body, '', ['id', 'name', 'domain', 'administrator'])
  const given = members['administrator'] ?? {}
  const administrator = reader.object(given, 'administrator', ['name', 'password'])
  return reader.finish({
    id: reader.text(members, 'id') ?? reader.missing('id'),
    name: reader.text(members, 'name'),
    domain: reader.text(members, 'domain'),
    administrator: {
      name: reader.text(administrator, 'name', 'administrator.name') ?? 'admin',
      password: reader.text(administrator, 'password', 'administrator.password'),
    },
  })
}

/** `{name}` */
export const decodeAppName = (body: unknown): Result<string> => {
  const reader = createReader()
  const members = reader.object(body, '', ['name'])
  return reader.finish(reader.text(members, 'name') ?? reader.missing('name'))
}

/** `{folder}` */
export const decodeBackupFolder = (body: unknown): Result<string> => {
  const reader = createReader()
  const members = reader.object(body, '', ['folder'])
  return reader.finish(reader.text(members, 'folder') ?? reader.missing('folder'))
}

/** `{name?, devices?: [id], validForS?, allTenants?}` */
export const decodeKeyDraft = (body: unknown): Result<KeyDraft> => {
  const reader = createReader()
  const members = reader.object(body, '', ['name', 'devices', 'validForS', 'allTenants'])
  const { devices, validForS, allTenants } = members
  const ids = devices === undefined ? undefined : decodeDevices(devices)
  if (devices !== undefined && ids === undefined) reader.wrong('devices', 'must be a list of ids')
  if (validForS !== undefined && !isPeriod(validForS)) {
    reader.wrong('validForS', `must be a whole number of seconds from 1 to ${keyLifetimeMaxS}`)
  }
  if (allTenants !== undefined && typeof allTenants !== 'boolean') {
    reader.wrong('allTenants', 'must be true or false')
  }
  return reader.finish({
    name: reader.text(members, 'name'),
    devices: ids,
    validForMs: isPeriod(validForS) ? validForS * 1_000 : undefined,
    allTenants: allTenants === true,
  })
}

const isPeriod = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= keyLifetimeMaxS

const decodeDevices = (value: unknown): readonly ManagedObjectId[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const ids = value.map(decodeDevice)
  return ids.every((id) => id !== undefined) ? ids : undefined
}

/** Ids are texts in JSON, because JavaScript programs would round long numbers; short numbers do no harm. */
const decodeDevice = (value: unknown): ManagedObjectId | undefined => {
  const isDigits = typeof value === 'string' && /^[1-9]\d{0,15}$/.test(value)
  const id = isDigits ? Number(value) : value
  return Number.isSafeInteger(id) && Number(id) > 0 ? (id as ManagedObjectId) : undefined
}

type Members = Readonly<Record<string, unknown>>

/** Gathers everything that is wrong with a body. */
export const createReader = () => {
  const issues: Issue[] = []
  const wrong = (path: string, message: string): void => {
    issues.push({ path, problem: 'wrong', message })
  }
  return {
    wrong,
    missing: (path: string): string => {
      const isTold = issues.some((issue) => issue.path === path || issue.path === '')
      if (!isTold) issues.push({ path, problem: 'missing', message: 'is missing' })
      return ''
    },
    object: (value: unknown, path: string, known: readonly string[]): Members => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        wrong(path, 'must be a JSON object')
        return {}
      }
      const prefix = path === '' ? '' : `${path}.`
      for (const name of Object.keys(value)) {
        if (!known.includes(name)) wrong(`${prefix}${name}`, 'is not known here')
      }
      return value as Members
    },
    /** `path` is where the member stands in the whole body. */
    text: (members: Members, name: string, path = name): string | undefined => {
      const value = members[name]
      if (value === undefined || typeof value === 'string') return value
      wrong(path, 'must be a text')
      return undefined
    },
    finish: <T>(value: T): Result<T> =>
      issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(value),
  }
}
