import { afterEach, expect, it } from 'vitest'
import { textOf } from './api.ts'
import { cleanUp, createFolder, startBelfry } from './harness.ts'
import { clientOf, runCommand } from './run-command.ts'

afterEach(cleanUp)

const reset = (folder: string, args: readonly string[] = [], input = '') =>
  runCommand(['user', 'reset-password', ...args], {
    environment: { BELFRY_DATA_DIR: folder, BELFRY_LOG_LEVEL: 'error' },
    input,
  })

it('a lost password is replaced on the folder of a stopped server, and the old one is wrong', async () => {
  const first = await startBelfry()
  const { folder } = first
  const refused = await reset(folder, ['t1/admin'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/^belfry: another server is using the data folder .*\n$/)
  await first.kill('SIGTERM')
  const made = await reset(folder, ['t1/admin', '--json'])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  const document: unknown = JSON.parse(made.stdout)
  expect(document).toMatchObject({ id: 'admin' })
  const chosen = await reset(folder, ['management/admin', '--password-stdin'], 'found again\n')
  expect(chosen).toEqual({ code: 0, stdout: 'management/admin has the new password\n', stderr: '' })
  const second = await startBelfry({ folder })
  const list = (user: string, password: string) => {
    const environment = { ...clientOf(second, user).environment, BELFRY_PASSWORD: password }
    return runCommand([user.startsWith('t1') ? 'device' : 'tenant', 'list'], { environment })
  }
  expect((await runCommand(['device', 'list'], clientOf(second))).stderr).toContain('HTTP 401')
  expect((await list('t1/admin', textOf(document, 'password'))).code).toBe(0)
  expect((await list('management/admin', 'found again')).code).toBe(0)
})

it('an unknown user, a bad password and a folder without data are refused, and nothing is made', async () => {
  const folder = await createFolder()
  const empty = await reset(folder, ['t1/admin'])
  expect(empty.code).toBe(1)
  expect(empty.stderr).toMatch(/^belfry: there are no data in /)
  const server = await startBelfry({ folder })
  await server.kill('SIGTERM')
  expect(await reset(folder, ['t1/nobody'])).toMatchObject({
    code: 1,
    stderr: 'belfry: there is no user t1/nobody\n',
  })
  expect(await reset(folder, ['t1/admin', '--password-stdin'], 'short')).toMatchObject({
    code: 1,
    stderr: 'belfry: the password has 6 to 32 characters\n',
  })
  expect((await reset(folder, ['admin'])).code).toBe(2)
})
