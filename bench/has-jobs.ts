import { decodeObject } from './decode-answer.ts'
import type { HttpClient } from './http-client.ts'

/** Whether a deletion is under way in the tenant of the first user. */
export const hasJobs = async (client: HttpClient): Promise<boolean> => {
  const path = '/belfry/v1/tenants/t1/jobs'
  const { jobs } = decodeObject(await client.expect(200, { method: 'GET', path }))
  if (!Array.isArray(jobs)) throw new Error('the jobs of a tenant are a list')
  return jobs.length > 0
}
