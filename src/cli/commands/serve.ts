import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import type { CliContext } from '../context.js'
import { configOf, settingOption, wantsJson, withLogLevel } from '../flags.js'
import { documentedCommand } from '../help.js'

/** V8 lets heaps grow far above what lives in them before it collects; a server has time to collect. */
function keepHeapsSmall(): void {
  setFlagsFromString('--optimize-for-size')
}

/** `inkstone serve`: the chat page and the HTTP interface, until Ctrl-C. */
export function serveCommand(context: CliContext): Command {
  return documentedCommand('serve', 'Serve the chat page and the HTTP interface.', {
    examples: [
      { line: 'inkstone serve', does: 'on http://127.0.0.1:8420, for this machine only' },
      { line: 'inkstone serve --port 9000 --sample', does: 'with sample documents to try it out' },
      {
        line: 'INKSTONE_API_KEY=a-long-random-secret inkstone serve --host 0.0.0.0',
        does: 'for other machines, too; every request then needs the key',
      },
    ],
    json: 'one document a line: {"type": "listening", "url", "seconds"}, then {"type": "ready", …} the same.',
  })
    .addOption(settingOption('host', 'address'))
    .addOption(settingOption('port', 'number'))
    .addOption(settingOption('llmBaseUrl', 'url'))
    .addOption(settingOption('llmModel', 'name'))
    .option('--sample', 'ingest the sample documents into the knowledge base "sample" first')
    .action(async ({ sample = false }: { sample?: boolean }, command: Command) => {
      keepHeapsSmall()
      // Loads the whole product: the other commands start faster without.
      const { serveHome } = await import('../serve-home.js')
      const config = configOf(command, context)
      // A person at a terminal reads the lines for people; what goes wrong is still logged.
      const { isInteractive } = context.terminal
      const logged = isInteractive ? withLogLevel('warn', config, command) : config
      await serveHome(logged, { context, sample, json: wantsJson(command) })
    })
}
