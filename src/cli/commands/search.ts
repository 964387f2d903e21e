import type { Command } from 'commander'
import { InkstoneError } from '../../core/errors.js'
import type { SearchFilter } from '../../core/types.js'
import type { CliContext } from '../context.js'
import { filterOption } from '../filter-option.js'
import { connectFor, gather, settingOption, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { hitLines } from '../render/passage.js'

/** `inkstone search`: ranked passages with the signals that ranked them. */
export function searchCommand(context: CliContext): Command {
  return documentedCommand('search', 'Find the passages that match a query best.', {
    examples: [
      { line: 'inkstone search "bearing temperature limit"', does: 'searches every knowledge base' },
      { line: 'inkstone search "轴承温度上限" --kb sample --top-k 3', does: 'the three best passages of one' },
      {
        line: `inkstone search "质保期" --filter '{"field": "mediaType", "eq": "text/markdown"}'`,
        does: 'only among documents of one kind',
      },
      {
        line: `inkstone search '"mechanical seal" -gasket title:manual'`,
        does: 'only passages with this phrase and without that word, in manuals',
      },
    ],
    json: 'one document, {"hits": [{"rank", "score", "signals", "chunk"}], "missingPhrases"?}.',
  })
    .argument('<query>', 'what to look for')
    .option('--kb <slug>', 'knowledge base; may be given several times (default: all)', gather)
    .addOption(filterOption())
    .addOption(settingOption('topK', 'count'))
    .action((query: string, options: Scope, command: Command) => search(context, query, options, command))
}

interface Scope {
  kb?: string[]
  filter?: SearchFilter
}

async function search(context: CliContext, query: string, { kb, filter }: Scope, command: Command): Promise<void> {
  if (query.trim() === '') {
    throw new InkstoneError('invalid_request', 'the query is empty', {
      remedy: 'put it in quotes: inkstone search "…"',
    })
  }
  const { terminal, signal } = context
  const { config, service } = await connectFor(command, context)
  try {
    const scope = {
      ...(kb === undefined ? {} : { knowledgeBaseIds: kb }),
      ...(filter === undefined ? {} : { filter }),
    }
    const reply = await service.search({ query, topK: config.topK, ...scope }, { signal })
    if (wantsJson(command)) return terminal.printJson(reply)
    const { hits, missingPhrases = [] } = reply
    if (missingPhrases.length > 0) {
      const phrases = missingPhrases.map((phrase) => `"${phrase}"`).join(', ')
      terminal.note(
        `nothing was found with ${phrases}${missingPhrases.length > 1 ? ' together' : ''}: searched for as words`,
      )
    }
    if (hits.length === 0) terminal.note('nothing was found')
    for (const hit of hits) for (const line of hitLines(hit, terminal.paint)) terminal.print(line)
  } finally {
    await service.close()
  }
}
