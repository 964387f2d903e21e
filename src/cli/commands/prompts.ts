import type { Command } from 'commander'
import { InkstoneError } from '../../core/errors.js'
import { estimateTokens } from '../../generate/prompt.js'
import { findTemplates, isTemplateName, problemLine, templateNames } from '../../generate/read-templates.js'
import { builtInTemplates } from '../../generate/templates.js'
import type { CliContext } from '../context.js'
import { configOf, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { countText } from '../render/quantity.js'

/** `inkstone prompts`: the instructions for the language model. */
export function promptsCommand(context: CliContext): Command {
  return documentedCommand('prompts', 'Show and check the instructions that the language model gets.', {
    examples: [
      {
        line: 'inkstone prompts show answer.en --built-in > prompts/answer.en.md',
        does: 'a text of your own to start from',
      },
    ],
    json: 'one document, see the sub-commands.',
  })
    .addCommand(showCommand(context))
    .addCommand(checkCommand(context))
}

function showCommand(context: CliContext): Command {
  return documentedCommand('show', 'Print an instruction text: yours where the folder of promptsDir has it.', {
    examples: [{ line: 'inkstone prompts show answer.zh', does: 'the text for questions in Chinese' }],
    json: 'one document, {"name", "path", "text"}; path is null for a built-in text.',
  })
    .argument('<name>', `one of ${templateNames.join(', ')}`)
    .option('--built-in', 'the text that comes with Inkstone')
    .action(async (name: string, { builtIn = false }: { builtIn?: boolean }, command: Command) => {
      if (!isTemplateName(name)) {
        throw new InkstoneError('not_found', `there is no instruction text "${name}"`, {
          remedy: `name one of ${templateNames.join(', ')}`,
        })
      }
      const found = builtIn ? [] : await findTemplates(configOf(command, context).promptsDir)
      const used = found.find((template) => template.name === name)
      const { text, path } = used ?? { text: builtInTemplates[name], path: null }
      if (wantsJson(command)) context.terminal.printJson({ name, path, text })
      else context.terminal.write(text)
    })
}

function checkCommand(context: CliContext): Command {
  return documentedCommand('check', 'Check the instruction texts in use; ends with 1 when one cannot be used.', {
    examples: [{ line: 'inkstone prompts check', does: 'names file and line of what is wrong' }],
    json: 'one document, {"ok", "templates": [{"name", "path", "tokens", "problems": [{"line", "message", "remedy"}]}]}.',
  }).action(async (_options: unknown, command: Command) => {
    const found = await findTemplates(configOf(command, context).promptsDir)
    const ok = found.every(({ problems }) => problems.length === 0)
    if (!ok) context.setExitCode(1)
    if (wantsJson(command)) {
      const templates = found.map(({ text, ...rest }) => ({ ...rest, tokens: estimateTokens(text) }))
      return context.terminal.printJson({ ok, templates })
    }
    for (const { name, path, text, problems } of found) {
      const size = `about ${countText(estimateTokens(text), 'token')}`
      if (problems.length === 0) context.terminal.print(`ok    ${name}: ${path ?? 'built in'}, ${size}`)
      for (const problem of problems) context.terminal.print(`fail  ${problemLine(path, problem)}`)
    }
  })
}
