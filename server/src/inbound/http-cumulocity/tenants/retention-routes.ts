import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { RetentionRule } from '../../../core/retention.ts'
import type { ManageRetention } from '../../../usecases/manage-retention.ts'
import { answerList } from '../ground/answer-list.ts'
import {
  decodeRetention,
  decodeRetentionRuleId,
  decodeRetentionUpdate,
} from './decode-retention.ts'
import { encodeRetentionRule, retentionRuleUrl } from './encode-retention.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

export type RetentionUseCases = { readonly manageRetention: ManageRetention }

/** How long data are kept (docs/protocols/cumulocity.md, 6.6). */
export const registerRetentionRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageRetention }: RetentionUseCases,
): void => {
  const retentions = '/retention/retentions'
  const one = `${retentions}/:rule`

  /** 200 with a page by ascending id; 403; 422 for a page that cannot be read. */
  server.get(
    retentions,
    answerWith(ports, async (exchange) => {
      const rules = await manageRetention.list(exchange.principal)
      if (!rules.ok) return rules
      const url = `${exchange.base}${retentions}`
      const kind = { name: 'retentionRules', resource: 'retentionRuleCollection', url } as const
      return answerList(exchange, kind, rules.value, encodeRetentionRule)
    }),
  )

  /** 201 with `Location`; 403; 415, 422. */
  server.post(
    retentions,
    answerWith(ports, (exchange) => createRule(exchange, manageRetention)),
  )

  /** 200; 403; 404. */
  server.get(
    one,
    answerWith(ports, async (exchange) => {
      const id = decodeRetentionRuleId(exchange.parameter('rule'))
      if (!id.ok) return id
      return toAnswer(exchange, await manageRetention.read(exchange.principal, id.value))
    }),
  )

  /** 200, what is left out stays; 403, also for a rule that is not editable; 404; 415, 422. */
  server.put(
    one,
    answerWith(ports, async (exchange) => {
      const id = decodeRetentionRuleId(exchange.parameter('rule'))
      if (!id.ok) return id
      const body = await exchange.readBody()
      const change = body.ok ? decodeRetentionUpdate(body.value.text) : body
      if (!change.ok) return change
      const { principal } = exchange
      return toAnswer(exchange, await manageRetention.change(principal, id.value, change.value))
    }),
  )

  /** 204; 403, also for a rule that is not editable; 404. */
  server.delete(
    one,
    answerWith(ports, async (exchange) => {
      const id = decodeRetentionRuleId(exchange.parameter('rule'))
      if (!id.ok) return id
      const done = await manageRetention.delete(exchange.principal, id.value)
      return done.ok ? success(deleted) : done
    }),
  )
}

const deleted: Answer = { status: 204, resource: 'retentionRule', body: undefined }

const toAnswer = ({ base }: Exchange, rule: Result<RetentionRule>): Answerable<Answer> => {
  if (!rule.ok) return rule
  const body = JSON.stringify(encodeRetentionRule(rule.value, base))
  return success({ status: 200, resource: 'retentionRule', body })
}

const createRule = async (
  exchange: Exchange,
  manageRetention: ManageRetention,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  const draft = body.ok ? decodeRetention(body.value.text) : body
  if (!draft.ok) return draft
  const rule = await manageRetention.create(exchange.principal, draft.value)
  if (!rule.ok) return rule
  return success({
    status: 201,
    resource: 'retentionRule',
    body: JSON.stringify(encodeRetentionRule(rule.value, exchange.base)),
    location: retentionRuleUrl(rule.value, exchange.base),
  })
}
