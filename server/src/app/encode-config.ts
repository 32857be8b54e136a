import { settings, type Config, type Setting, type SettingKey } from './config.ts'
import type { Origin } from './decode-config.ts'

/** One line of `belfry config`: `value` is null when nothing is set, and masked when it is a secret. */
export type ShownSetting = {
  readonly key: string
  readonly environment: string
  readonly value: string | number | readonly string[] | null
  readonly origin: Origin
}

/** The effective configuration for people and programs to look at. */
export const encodeConfig = (
  config: Config,
  origins: Readonly<Record<SettingKey, Origin>>,
): readonly ShownSetting[] => {
  const values = new Map<string, ShownSetting['value'] | undefined>(Object.entries(config))
  const from = new Map<string, Origin>(Object.entries(origins))
  return Object.entries(settings).map(([key, setting]) => ({
    key,
    environment: setting.environment,
    value: shown(setting, values.get(key)),
    origin: from.get(key) ?? 'default',
  }))
}

const shown = (
  setting: Setting<unknown>,
  value: ShownSetting['value'] | undefined,
): ShownSetting['value'] => {
  if (value === undefined) return null
  return setting.secret ? '********' : value
}
