import type { Role } from '../../../core/access.ts'

export const encodeRole = (role: Role, base: string): Record<string, string> => ({
  id: role,
  name: role,
  self: `${base}/user/roles/${role}`,
})
