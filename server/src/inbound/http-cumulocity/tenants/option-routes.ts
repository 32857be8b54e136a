import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { OptionName, TenantOption } from '../../../core/tenant-option.ts'
import type { ManageOptions } from '../../../usecases/manage-options.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeOption, decodeOptionValue, decodeOptionsOf } from './decode-option.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

export type OptionUseCases = { readonly manageOptions: ManageOptions }

const options = '/tenant/options'
const systemOptions = '/tenant/system/options'

/** The options of the caller's tenant, and of the system (docs/protocols/cumulocity.md, 6.5). */
export const registerOptionRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageOptions }: OptionUseCases,
): void => {
  /** 200 with a page by ascending category and key; 403. */
  server.get(
    options,
    answerWith(ports, async (exchange) =>
      answerOptions(exchange, options, await manageOptions.list(exchange.principal)),
    ),
  )

  /** 200, as the original answers it, also for an option that was there, with `Location`; 403; 415, 422. */
  server.post(
    options,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const option = body.ok ? decodeOption(body.value.text) : body
      if (!option.ok) return option
      const done = await manageOptions.put(exchange.principal, [option.value])
      if (!done.ok) return done
      const location = optionUrl(exchange.base, options, option.value)
      return success({ ...toAnswer(exchange, options, option.value), location })
    }),
  )
  registerCategories(server, ports, manageOptions)
  registerOne(server, ports, manageOptions)
  registerSystemOptions(server, ports, manageOptions)
}

const registerCategories = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageOptions: ManageOptions,
): void => {
  const answerCategory = (
    exchange: Exchange,
    list: Result<readonly TenantOption[]>,
  ): Answerable<Answer> => {
    if (!list.ok) return list
    const category = exchange.parameter('category')
    const own = list.value.filter((option) => option.category === category)
    const body = JSON.stringify(Object.fromEntries(own.map(({ key, value }) => [key, value])))
    return success({ status: 200, resource: 'option', body })
  }

  /** 200 with an object of all keys and values, an empty one for a category that nobody has used; 403. */
  server.get(
    `${options}/:category`,
    answerWith(ports, async (exchange) =>
      answerCategory(exchange, await manageOptions.list(exchange.principal)),
    ),
  )

  /** 200 with the whole category; keys that are not named stay; 403; 415, 422. */
  server.put(
    `${options}/:category`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const sent = decodeOptionsOf(exchange.parameter('category'), body.value.text)
      if (!sent.ok) return sent
      return answerCategory(exchange, await manageOptions.put(exchange.principal, sent.value))
    }),
  )
}

const registerOne = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageOptions: ManageOptions,
): void => {
  const one = `${options}/:category/:key`

  /** 200; 403; 404. */
  server.get(
    one,
    answerWith(ports, async (exchange) => {
      const option = await manageOptions.read(exchange.principal, nameIn(exchange))
      return answerOption(exchange, options, option)
    }),
  )

  /** 200, `{"value"}`; 403; 404; 415, 422. */
  server.put(
    one,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const value = body.ok ? decodeOptionValue(body.value.text) : body
      if (!value.ok) return value
      const option = { ...nameIn(exchange), value: value.value }
      const changed = await manageOptions.change(exchange.principal, option)
      return answerOption(exchange, options, changed)
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    one,
    answerWith(ports, async (exchange) => {
      const done = await manageOptions.delete(exchange.principal, nameIn(exchange))
      return done.ok ? success({ status: 204, resource: 'option', body: undefined }) : done
    }),
  )
}

const registerSystemOptions = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageOptions: ManageOptions,
): void => {
  /** 200 with a page; 403 for a key. */
  server.get(
    systemOptions,
    answerWith(ports, (exchange) => {
      const list = manageOptions.listOfSystem(exchange.principal)
      return Promise.resolve(answerOptions(exchange, systemOptions, list))
    }),
  )

  /** 200; 403 for a key; 404. */
  server.get(
    `${systemOptions}/:category/:key`,
    answerWith(ports, (exchange) => {
      const option = manageOptions.readOfSystem(exchange.principal, nameIn(exchange))
      return Promise.resolve(answerOption(exchange, systemOptions, option))
    }),
  )
}

const nameIn = ({ parameter }: Exchange): OptionName => ({
  category: parameter('category'),
  key: parameter('key'),
})

const answerOptions = (
  exchange: Exchange,
  path: string,
  list: Result<readonly TenantOption[]>,
): Answerable<Answer> => {
  if (!list.ok) return list
  const url = `${exchange.base}${path}`
  const kind = { name: 'options', resource: 'optionCollection', url } as const
  return answerList(exchange, kind, list.value, (option, base) => encodeOption(base, path, option))
}

const answerOption = (
  exchange: Exchange,
  path: string,
  option: Result<TenantOption>,
): Answerable<Answer> => (option.ok ? success(toAnswer(exchange, path, option.value)) : option)

const toAnswer = ({ base }: Exchange, path: string, option: TenantOption): Answer => ({
  status: 200,
  resource: 'option',
  body: JSON.stringify(encodeOption(base, path, option)),
})

const encodeOption = (
  base: string,
  path: string,
  { category, key, value }: TenantOption,
): Record<string, unknown> => ({
  self: optionUrl(base, path, { category, key }),
  category,
  key,
  value,
})

const optionUrl = (base: string, path: string, { category, key }: OptionName): string =>
  `${base}${path}/${encodeURIComponent(category)}/${encodeURIComponent(key)}`
