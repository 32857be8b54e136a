import type { FastifyInstance } from 'fastify'
import type { App } from '../../../core/account.ts'
import { decodeUserName } from '../../../core/decode-identity.ts'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManageApplications } from '../../../usecases/manage-applications.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeApplication, decodeApplicationUpdate } from './decode-application.ts'
import { pathTenant } from '../users/decode-user-path.ts'
import { applications, applicationUrl, encodeApplication } from './encode-application.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { firstValue, queryParametersOf } from '../ground/query-parameters.ts'

export type ApplicationUseCases = { readonly manageApplications: ManageApplications }

/** The applications of the caller's tenant (docs/protocols/cumulocity.md, 6.8). */
export const registerApplicationRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageApplications }: ApplicationUseCases,
): void => {
  registerLists(server, ports, manageApplications)
  registerCurrent(server, ports, manageApplications)

  /** 201 with `Location`; 403; 409 when the key is taken; 415, 422. */
  server.post(
    applications,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const draft = body.ok ? decodeApplication(body.value.text) : body
      if (!draft.ok) return draft
      const app = await manageApplications.create(exchange.principal, draft.value)
      if (!app.ok) return app
      const location = applicationUrl(app.value, exchange.base)
      return success({ ...toAnswer(exchange, app.value), status: 201, location })
    }),
  )

  /** 200; 403; 404. */
  server.get(
    `${applications}/:app`,
    answerWith(ports, async (exchange) => {
      const app = await manageApplications.read(exchange.principal, exchange.parameter('app'))
      return app.ok ? success(toAnswer(exchange, app.value)) : app
    }),
  )

  /** 200, a partial update; 403; 404; 409; 415, 422. */
  server.put(
    `${applications}/:app`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const change = body.ok ? decodeApplicationUpdate(body.value.text) : body
      if (!change.ok) return change
      const id = exchange.parameter('app')
      const app = await manageApplications.change(exchange.principal, id, change.value)
      return app.ok ? success(toAnswer(exchange, app.value)) : app
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    `${applications}/:app`,
    answerWith(ports, async (exchange) => {
      const done = await manageApplications.delete(exchange.principal, exchange.parameter('app'))
      return done.ok ? success({ status: 204, resource: 'application', body: undefined }) : done
    }),
  )
}

type List = (exchange: Exchange) => Promise<Result<readonly App[]>>

const registerLists = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageApplications: ManageApplications,
): void => {
  const ofTenant: List = (exchange) =>
    manageApplications.listOfTenant(exchange.principal, pathTenant(exchange, 'tenantId'))
  const lists: Readonly<Record<string, List>> = {
    [applications]: ({ principal }) => manageApplications.list(principal),
    '/application/applicationsByName/:appName': async ({ principal, parameter }) => {
      const list = await manageApplications.list(principal)
      const name = parameter('appName')
      return list.ok ? success(list.value.filter((app) => app.name === name)) : list
    },
    '/application/applicationsByUser/:name': ({ principal, parameter }) =>
      manageApplications.listOfUser(principal, decodeUserName(parameter('name'))),
    '/application/applicationsByTenant/:tenantId': ofTenant,
    '/application/applicationsByOwner/:tenantId': ofTenant,
  }
  /** 200 with a page by ascending id, or with all of them for `noPaging=true`; 403. */
  for (const [path, list] of Object.entries(lists)) {
    server.get(
      path,
      answerWith(ports, async (exchange) => answerApps(exchange, path, await list(exchange))),
    )
  }
}

const registerCurrent = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageApplications: ManageApplications,
): void => {
  const path = '/application/currentApplication'
  const find = ({ principal, request }: Exchange): Promise<Result<App>> => {
    const key = request.headers['x-cumulocity-application-key']
    return manageApplications.readByKey(principal, typeof key === 'string' ? key : undefined)
  }

  /** 200 with the application whose key the request shows; 403 for an API key; 404, also without one. */
  server.get(
    path,
    answerWith(ports, async (exchange) => {
      const app = await find(exchange)
      return app.ok ? success(toAnswer(exchange, app.value)) : app
    }),
  )

  /** 200 with no user: nothing is hosted, so that no tenant subscribes to anything; 403 and 404 as above. */
  server.get(
    `${path}/subscriptions`,
    answerWith(ports, async (exchange) => {
      const app = await find(exchange)
      if (!app.ok) return app
      const body = JSON.stringify({ users: [] })
      return success({ status: 200, resource: 'applicationUserCollection', body })
    }),
  )
}

const answerApps = (
  exchange: Exchange,
  path: string,
  list: Result<readonly App[]>,
): Answerable<Answer> => {
  if (!list.ok) return list
  const asked = path.replace(/:(\w+)/, (_, name: string) =>
    encodeURIComponent(exchange.parameter(name)),
  )
  const kind = {
    name: 'applications',
    resource: 'applicationCollection',
    url: `${exchange.base}${asked}`,
    isWhole: firstValue(queryParametersOf(exchange.request), 'noPaging') === 'true',
  } as const
  return answerList(exchange, kind, list.value.filter(isWanted(exchange)), encodeApplication)
}

const isWanted = ({ request }: Exchange): ((app: App) => boolean) => {
  const parameters = queryParametersOf(request)
  const name = firstValue(parameters, 'name')
  const type = firstValue(parameters, 'type')
  const owner = firstValue(parameters, 'owner')
  return (app) =>
    (name === undefined || app.name === name) &&
    (type === undefined || app.kind === type) &&
    (owner === undefined || app.tenant === owner)
}

const toAnswer = ({ base }: Exchange, app: App): Answer => ({
  status: 200,
  resource: 'application',
  body: JSON.stringify(encodeApplication(app, base)),
})
