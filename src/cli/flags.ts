import { type Command, Option } from 'commander'
import { type Config, type SettingName, settingNames, settings } from '../config/settings.js'
import type { Connection } from './connect.js'
import type { CliContext } from './context.js'

/** A flag that sets a setting, described by the setting's own words. `--max-upload-bytes` sets `maxUploadBytes`. */
export function settingOption(setting: SettingName, placeholder: string): Option {
  const flag = setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return new Option(`--${flag} <${placeholder}>`, settings.shape[setting].description)
}

/** The configuration for a command: its flags and the program's win over environment and file. */
export function configOf(command: Command, context: CliContext): Config {
  const given: Record<string, unknown> = command.optsWithGlobals()
  const flags: { [name in SettingName]?: unknown } = {}
  for (const name of settingNames) if (given[name] !== undefined) flags[name] = given[name]
  return context.loadConfig(flags)
}

/**
 * The configuration of a command and the service it speaks to.
 * @throws InkstoneError `invalid_configuration`, `home_locked`
 */
export async function connectFor(command: Command, context: CliContext): Promise<Connection & { config: Config }> {
  const config = configOf(command, context)
  // A command that ends by itself tells of bad files and of progress in its output; log lines would cut into its bars.
  const quiet = withLogLevel('error', config, command)
  return { config, ...(await context.connect(quiet, { announce: context.terminal.note })) }
}

/** The configuration with this log level, unless one was chosen: by the flag, or other than `info` in any other way. */
export function withLogLevel(logLevel: Config['logLevel'], config: Config, command: Command): Config {
  const isChosen = config.logLevel !== 'info' || command.optsWithGlobals().logLevel !== undefined
  return isChosen ? config : { ...config, logLevel }
}

export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals().json === true
}

/** Gathers a flag that may be given several times, or once with commas. */
export function gather(value: string, previous: string[] | undefined): string[] {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
  return [...(previous ?? []), ...items]
}
