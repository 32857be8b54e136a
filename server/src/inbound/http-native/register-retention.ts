import type { FastifyInstance } from 'fastify'
import { success } from '../../core/failure.ts'
import type { CarryOutRetention } from '../../usecases/carry-out-retention.ts'
import type { PreviewRetention } from '../../usecases/preview-retention.ts'
import { answerWith, type NativePorts } from './answer-with.ts'
import { decodeTenantName } from './decode-administration.ts'
import { decodeRetentionDraft } from './decode-retention-draft.ts'
import { encodePreview, encodeProgress, encodeRemovable } from './encode-retention.ts'

export type RetentionUseCases = {
  readonly previewRetention: PreviewRetention
  readonly carryOutRetention: CarryOutRetention
}

/** What retention would remove, and a run of it at once (docs/operations.md). Rules are set in the Cumulocity dialect. */
export const registerRetention = (
  server: FastifyInstance,
  ports: NativePorts,
  { previewRetention, carryOutRetention }: RetentionUseCases,
): void => {
  const retention = '/belfry/v1/tenants/:tenant/retention'

  /** 200 with what each rule and all together would remove now, and the last run; 403; 404. */
  server.get(
    retention,
    answerWith(ports, async ({ principal, parameter }) => {
      const preview = await previewRetention.all(principal, decodeTenantName(parameter('tenant')))
      return preview.ok ? success({ status: 200, body: encodePreview(preview.value) }) : preview
    }),
  )

  /** 200 with what a rule that is not set would remove now; 403; 404; 422. Changes nothing. */
  server.post(
    `${retention}/preview`,
    answerWith(ports, async ({ principal, parameter, readBody }) => {
      const body = await readBody()
      const draft = body.ok ? decodeRetentionDraft(body.value) : body
      if (!draft.ok) return draft
      const tenant = decodeTenantName(parameter('tenant'))
      const removable = await previewRetention.one(principal, tenant, draft.value)
      if (!removable.ok) return removable
      return success({ status: 200, body: encodeRemovable(removable.value) })
    }),
  )

  /** 200 with what has been removed; 403; 404. */
  server.post(
    `${retention}/run`,
    answerWith(ports, async ({ principal, parameter }) => {
      const progress = await carryOutRetention.run(principal, decodeTenantName(parameter('tenant')))
      return progress.ok ? success({ status: 200, body: encodeProgress(progress.value) }) : progress
    }),
  )
}
