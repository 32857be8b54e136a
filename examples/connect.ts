import { Client } from '@c8y/client'

/** Logs in as `BELFRY_USER` at `BELFRY_URL`: the account that the `belfry` command takes, too. */
export const connect = async (account = process.env['BELFRY_USER'] ?? 't1/admin') => {
  const [tenant = '', user = ''] = account.split('/')
  return Client.authenticate({ tenant, user, password: readPassword() }, serverUrl)
}

export const serverUrl = process.env['BELFRY_URL'] ?? 'http://127.0.0.1:8080'

/** From `BELFRY_PASSWORD`. */
const readPassword = (): string => {
  const password = process.env['BELFRY_PASSWORD']
  if (password === undefined) throw new Error('set BELFRY_PASSWORD')
  return password
}
