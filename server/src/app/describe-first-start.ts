import { retentionDaysDefault } from '../core/limits.ts'
import type { FirstStart } from './bootstrap.ts'
import type { Config } from './config.ts'

/**
 * What the very first start tells on stdout: the password once, when it was made here, and a command that sends a
 * first event. A chosen password is not repeated: the command takes it from where it was set.
 */
export const describeFirstStart = (
  { tenant, user, madePassword, device }: FirstStart,
  config: Pick<Config, 'bootstrapPassword'>,
  url: string,
  now: Date,
): readonly string[] => {
  const event = {
    source: { id: String(device) },
    type: 'first_event',
    text: 'The bell rings',
    time: now.toISOString(),
  }
  const account = `${tenant}/${user}:`
  const credentials =
    madePassword === undefined
      ? `${shellQuote(account)}"$BELFRY_BOOTSTRAP_PASSWORD"`
      : shellQuote(account + madePassword)
  const told =
    config.bootstrapPassword === undefined
      ? `Password of both, shown only this once: ${String(madePassword)}`
      : 'Password of both: the one that you set'
  return [
    `First start: made tenant ${tenant} with the administrator ${tenant}/${user} and device first-device (id ${device}); the operator is management/admin.`,
    told,
    'Send a first event:',
    `curl -sS -u ${credentials} -H 'Content-Type: application/json' -H 'Accept: application/json' -d ${shellQuote(JSON.stringify(event))} ${url}/event/events`,
    `Events are kept for ${retentionDaysDefault} days after they came in; retention rules change that (${url}/retention/retentions).`,
  ]
}

const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
