import type { App } from '../../../core/account.ts'

export const applications = '/application/applications'

/** An application (docs/protocols/cumulocity.md, 6.8), which belongs to its tenant alone. */
export const encodeApplication = (app: App, base: string): Record<string, unknown> => ({
  id: app.id,
  self: applicationUrl(app, base),
  name: app.name,
  key: app.key,
  type: app.kind,
  availability: 'PRIVATE',
  ...(app.contextPath === undefined ? {} : { contextPath: app.contextPath }),
  owner: {
    self: `${base}/tenant/tenants/${encodeURIComponent(app.tenant)}`,
    tenant: { id: app.tenant },
  },
})

export const applicationUrl = ({ id }: App, base: string): string =>
  `${base}${applications}/${encodeURIComponent(id)}`
