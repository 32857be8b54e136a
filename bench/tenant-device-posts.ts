import { decodeObject } from './decode-answer.ts'
import type { LoadRequest } from './drive-load.ts'
import { createLiveReports, encodeTenantDevice } from './event-bodies.ts'
import { runCommand } from './run-command.ts'
import { clientEnvironment } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

/** Who reports in the tenant-device dialect: an app, and a key that proves it may. */
export type Reporter = {
  readonly appId: string
  readonly headers: Readonly<Record<string, string>>
}

export const createReporter = async ({ url }: RunningServer, name: string): Promise<Reporter> => {
  const create = async (thing: string, member: string): Promise<string> => {
    const made = await runCommand([thing, 'create', '--name', name], clientEnvironment(url))
    return String(decodeObject(made)[member])
  }
  const appId = await create('app', 'id')
  return { appId, headers: { 'x-moki-tenantapitoken': await create('key', 'key') } }
}

/** One report a request, dated now. A round needs enough of them: one that comes twice is a duplicate, answered 409. */
export const createTenantDevicePosts = (
  seed: number,
  sources: readonly string[],
  { appId }: Reporter,
): (() => LoadRequest) => {
  const nextReport = createLiveReports(seed, sources)
  return () => {
    const report = nextReport()
    const path = `/rest/v1/api/tenants/t1/devices/${report.source}/events`
    return { path, body: encodeTenantDevice(report, appId) }
  }
}
