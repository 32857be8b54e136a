import { execFileSync, spawnSync } from 'node:child_process'
import { connect } from 'node:tls'
import { join } from 'node:path'
import { once } from 'node:events'
import { request } from 'node:https'
import { afterAll, expect, it } from 'vitest'
import { adminAuthorization, cleanUp, createFolder, startBelfry, waitFor } from './harness.ts'

afterAll(cleanUp)

const writePair = (folder: string, name: string) => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ]
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { BELFRY_TLS_CERT: cert, BELFRY_TLS_KEY: key }
}

const nameShown = async (port: number): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  socket.destroy()
  return String(subject.CN)
}

const get = (url: string): Promise<{ status: number | undefined; text: string }> => {
  const headers = { authorization: adminAuthorization, accept: 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, rejectUnauthorized: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => {
        resolve({ status: answer.statusCode, text })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** From the system's packages, which npm does not install. Never missing in CI, where that fails. */
const isOpensslMissing = (): boolean =>
  process.env['CI'] === undefined && spawnSync('openssl', ['version']).status !== 0

const withOpenssl = it.skipIf(isOpensslMissing())

withOpenssl(
  'HTTPS is spoken with the certificate that was given, links say so, and a new one is taken',
  async () => {
    const folder = await createFolder()
    const belfry = await startBelfry({ environment: writePair(folder, 'first.example') })
    expect(belfry.url).toMatch(/^https:/)
    expect(await nameShown(belfry.port)).toBe('first.example')
    const answer = await get(`${belfry.url}/tenant/currentTenant`)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(`"self":"${belfry.url}/tenant/currentTenant"`)
    writePair(folder, 'second.example')
    await waitFor(
      'the new certificate',
      async () => (await nameShown(belfry.port)) === 'second.example',
    )
    expect(await belfry.kill('SIGTERM')).toBe(0)
  },
)
