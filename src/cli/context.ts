import type { Command } from 'commander'
import type { Config, SettingName } from '../config/settings.js'
import type { Connection } from './connect.js'
import type { Terminal } from './terminal.js'

/** What a command needs from the outside. */
export interface CliContext {
  terminal: Terminal
  /** Folder of the program itself. */
  packageRoot: string
  version: string
  /** Folder in which relative paths start. */
  cwd: string
  /** The environment, for npm's settings in it; Inkstone's own come through `loadConfig`. */
  environment: Record<string, string | undefined>
  /** Fires on Ctrl-C and on a request to end. */
  signal: AbortSignal
  /** @throws InkstoneError `invalid_configuration` */
  loadConfig(flags: { [name in SettingName]?: unknown }): Config
  /** @throws InkstoneError `home_locked`, `home_unwritable`, `store_corrupt` */
  connect(config: Config, options: { announce: (sentence: string) => void }): Promise<Connection>
  /** Ends the program with this code when the command is done: 1 for a result that is a failure, such as a bad file. */
  setExitCode(code: number): void
}

/** One command of the program, built for a context. */
export type CommandFactory = (context: CliContext) => Command
