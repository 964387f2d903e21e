import type { Command } from 'commander'
import type { Tuned, TuneStep } from '../../core/ports.js'
import type { InkstoneService } from '../../core/service.js'
import type { CliContext } from '../context.js'
import { connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { countText } from '../render/quantity.js'

/** `inkstone kb tune`: how much the vector index finds, and the cheapest settings with which it finds enough. */
export function tuneCommand(context: CliContext): Command {
  return documentedCommand(
    'tune',
    'Measure the vector index against exact search, and set it so that it finds enough.',
    {
      examples: [{ line: 'inkstone kb tune law', does: 'after a large knowledge base was filled or has grown' }],
      json: 'one document, {"knowledgeBase", "chunks", "tuned": null | {"chosen", "steps", "target", "queries", "measuredWith", "measuredAt"}}; null: every search is exact.',
    },
  )
    .argument('<kb>', 'slug or id')
    .action(async (kb: string, _options: unknown, command: Command) => {
      const { service } = await connectFor(command, context)
      try {
        await tune(kb, { service, context, json: wantsJson(command) })
      } finally {
        await service.close()
      }
    })
}

async function tune(
  kb: string,
  { service, context, json }: { service: InkstoneService; context: CliContext; json: boolean },
): Promise<void> {
  const { terminal, signal } = context
  const { id, slug } = await service.getKnowledgeBase(kb)
  const { chunks } = await service.getIndexState(id)
  let tuned: Tuned | null = null
  for await (const event of service.tuneKnowledgeBase(id, { signal })) {
    if (event.stage === 'comparing' && event.done === 1) terminal.note(`comparing ${event.total} vectors exactly`)
    if (event.stage === 'measured') terminal.note(stepText(event.step))
    if (event.stage === 'done') tuned = event.tuned
  }
  if (tuned !== null && tuned.chosen.recall < tuned.target) context.setExitCode(1)
  if (json) return terminal.printJson({ knowledgeBase: slug, chunks, tuned })
  if (tuned === null) {
    return terminal.print(`${slug}: ${countText(chunks, 'chunk')}, every search is exact: there is nothing to tune`)
  }
  terminal.print(`${slug}: ${stepText(tuned.chosen)}`)
  if (tuned.chosen.recall < tuned.target) {
    terminal.note(`no setting found ${percent(tuned.target)}; this one found most and is used`)
  }
  terminal.note('measured with the table’s own vectors, which lie closer to it than questions do')
}

function stepText({ partitions, candidates, recall, p50Ms }: TuneStep): string {
  return `recall@10 ${percent(recall)} with ${partitions} partitions and ${candidates} candidates, ${p50Ms.toFixed(1)} ms`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
