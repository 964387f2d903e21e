import { Command } from 'commander'

export interface CommandHelp {
  /** Complete command lines, each with what it does. */
  examples: readonly { line: string; does: string }[]
  /** What `--json` prints, in one sentence. */
  json: string
}

/** A command whose help ends with examples and says what `--json` prints. */
export function documentedCommand(name: string, description: string, help: CommandHelp): Command {
  return new Command(name).description(description).addHelpText('after', helpText(help))
}

function helpText({ examples, json }: CommandHelp): string {
  const lines = examples.map(({ line, does }) => `  $ ${line}\n      ${does}`)
  return `\nExamples:\n${lines.join('\n')}\n\nWith --json: ${json}`
}
