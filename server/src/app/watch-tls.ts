import { readFileSync, watchFile, unwatchFile } from 'node:fs'
import { createSecureContext, Server } from 'node:tls'
import type { TlsTexts } from '../inbound/http/create-http-server.ts'
import type { Config } from './config.ts'
import type { Log } from './create-log.ts'

/** Undefined without TLS; else the texts, or one line that says what to do. */
export type ReadTls =
  | { readonly ok: true; readonly tls: TlsTexts | undefined }
  | { readonly ok: false; readonly line: string }

type TlsFiles = Pick<Config, 'tlsCert' | 'tlsKey'>

export const readTls = ({ tlsCert, tlsKey }: TlsFiles): ReadTls => {
  if (tlsCert === undefined && tlsKey === undefined) return { ok: true, tls: undefined }
  if (tlsCert === undefined || tlsKey === undefined) return { ok: false, line: oneAlone }
  try {
    const tls = { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') }
    // Throws when the two are no pair.
    createSecureContext(tls)
    return { ok: true, tls }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, line: `the certificate ${tlsCert} with the key ${tlsKey}: ${reason}` }
  }
}

const oneAlone = 'BELFRY_TLS_CERT and BELFRY_TLS_KEY go together; set both or none'

/** How often the files are looked at: their names may be links that are moved. */
const lookEveryMs = 1_000

/**
 * Gives the server the new certificate when a file changes; connections that are open keep theirs. A pair that does not fit
 * (one of the two may not be written yet) is logged, and the old one goes on. Answers what stops the watching.
 */
export const watchTls = (files: TlsFiles, server: unknown, log: Log): (() => Promise<void>) => {
  const paths = [files.tlsCert, files.tlsKey].filter((path) => path !== undefined)
  if (!(server instanceof Server) || paths.length === 0) return () => Promise.resolve()
  const reload = (): void => {
    const read = readTls(files)
    if (read.ok && read.tls !== undefined) {
      server.setSecureContext(read.tls)
      log.info('the certificate has been read again')
    } else if (!read.ok) log.warn({ problem: read.line }, 'the old certificate goes on')
  }
  for (const path of paths) watchFile(path, { interval: lookEveryMs, persistent: false }, reload)
  return () => {
    for (const path of paths) unwatchFile(path, reload)
    return Promise.resolve()
  }
}
