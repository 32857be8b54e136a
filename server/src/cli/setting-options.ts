import { Option, type Command } from 'commander'
import { settings, type Setting } from '../app/config.ts'

/** Adds a flag for every row of the configuration table; they win over the environment and the file. */
export const withSettingOptions = (command: Command): Command => {
  for (const setting of Object.values(settings)) {
    command.addOption(new Option(`${setting.flag} ${setting.value}`, describe(setting)))
    if (setting.secret) {
      const help = `File that holds it instead. (${setting.environment}_FILE)`
      command.addOption(new Option(`${setting.flag}-file <file>`, help))
    }
  }
  return command
}

const describe = ({ summary, environment, default: initial }: Setting<unknown>): string =>
  `${summary} (${environment}${initial === undefined ? '' : `; default ${initial}`})`
