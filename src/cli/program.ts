import { Command } from 'commander'
import { answerCommand } from './commands/answer.js'
import { askCommand } from './commands/ask.js'
import { chunkCommand } from './commands/chunk.js'
import { conversationsCommand } from './commands/conversations.js'
import { doctorCommand } from './commands/doctor.js'
import { evalCommand } from './commands/eval.js'
import { ingestCommand } from './commands/ingest.js'
import { kbCommand } from './commands/kb.js'
import { modelsCommand } from './commands/models.js'
import { promptsCommand } from './commands/prompts.js'
import { searchCommand } from './commands/search.js'
import { serveCommand } from './commands/serve.js'
import type { CliContext, CommandFactory } from './context.js'
import { settingOption } from './flags.js'

const commands: readonly CommandFactory[] = [
  ingestCommand,
  askCommand,
  answerCommand,
  conversationsCommand,
  searchCommand,
  serveCommand,
  evalCommand,
  chunkCommand,
  kbCommand,
  modelsCommand,
  promptsCommand,
  doctorCommand,
]

const epilogue = `
Every setting can also be given in inkstone.config.json or as an environment variable, such as INKSTONE_PORT;
docs/configuration.md lists them. Data goes to standard output, progress and log lines to standard error.
Exit codes: 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.`

/** The whole command line. What goes wrong is thrown, also a wrong flag: nothing here ends the process. */
export function createProgram(context: CliContext): Command {
  const program = new Command('inkstone')
    .description('A private industry knowledge base: documents in, cited answers out, on your own machine.')
    .version(context.version)
    .addOption(settingOption('home', 'folder'))
    .addOption(settingOption('modelsDir', 'folder'))
    .addOption(settingOption('logLevel', 'level'))
    .option('--json', 'print data as JSON for programs; errors too, on standard error')
    .addHelpText('after', epilogue)
  for (const command of commands) program.addCommand(command(context))
  for (const command of withSubcommands(program)) prepare(command, context)
  return program
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** Settings that commander does not hand down to commands made elsewhere. */
function prepare(command: Command, { terminal }: CliContext): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      // The caller reports what is thrown, with the remedy and in the form that was asked for.
      outputError: () => undefined,
    })
}
