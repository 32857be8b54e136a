import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type { ManageAudit } from '../../../usecases/manage-audit.ts'
import { decodeAuditFilter, decodeAuditRecord, decodeAuditRecordId } from './decode-audit.ts'
import { decodePaging } from '../ground/decode-paging.ts'
import { auditRecordUrl, encodeAuditRecord } from './encode-audit.ts'
import { encodeCollection } from '../ground/encode-collection.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { queryParametersOf } from '../ground/query-parameters.ts'

export type AuditUseCases = { readonly manageAudit: ManageAudit }

const records = '/audit/auditRecords'

/** Who changed what (docs/protocols/cumulocity.md, 6.7). */
export const registerAuditRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageAudit }: AuditUseCases,
): void => {
  /** 200 with a page, newest first; 403; 422. */
  server.get(
    records,
    answerWith(ports, (exchange) => listRecords(exchange, manageAudit)),
  )

  /** 201 with `Location`; 403; 415, 422. */
  server.post(
    records,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const draft = body.ok ? decodeAuditRecord(body.value.text) : body
      if (!draft.ok) return draft
      const record = await manageAudit.create(exchange.principal, draft.value)
      if (!record.ok) return record
      return success({
        status: 201,
        resource: 'auditRecord',
        body: encodeAuditRecord(record.value, exchange.base),
        location: auditRecordUrl(record.value, exchange.base),
      })
    }),
  )

  /** 200; 403; 404. */
  server.get(
    `${records}/:record`,
    answerWith(ports, async ({ principal, parameter, base }) => {
      const id = decodeAuditRecordId(parameter('record'))
      if (!id.ok) return id
      const record = await manageAudit.read(principal, id.value)
      if (!record.ok) return record
      const body = encodeAuditRecord(record.value, base)
      return success({ status: 200, resource: 'auditRecord', body })
    }),
  )
}

const listRecords = async (
  { principal, request, base }: Exchange,
  manageAudit: ManageAudit,
): Promise<Answerable<Answer>> => {
  const parameters = queryParametersOf(request)
  const filter = decodeAuditFilter(parameters)
  if (!filter.ok) return filter
  const paging = decodePaging(parameters)
  if (!paging.ok) return paging
  const { currentPage, pageSize: size, withTotalPages, withTotalElements } = paging.value
  const withTotal = withTotalPages || withTotalElements
  const page = { skip: (currentPage - 1) * size, size, withTotal }
  const list = await manageAudit.list(principal, filter.value, page)
  if (!list.ok) return list
  const body = encodeCollection({
    name: 'auditRecords',
    url: `${base}${records}`,
    parameters,
    paging: paging.value,
    elements: list.value.records.map((record) => encodeAuditRecord(record, base)),
    more: list.value.more,
    total: list.value.total,
  })
  return success({ status: 200, resource: 'auditRecordCollection', body })
}
