import { type Command, InvalidArgumentError, Option } from 'commander'
import { settings } from '../config/settings.js'
import type { KnowledgeBase } from '../core/types.js'

/** How a knowledge base is to cut its documents; null goes back to the configuration. */
export type ChunkChange = Partial<Pick<KnowledgeBase, 'chunkTokens' | 'chunkOverlapTokens'>>

const byConfiguration = 'default'
const names = ['chunkTokens', 'chunkOverlapTokens'] as const

/** Adds the flags for the chunks of a knowledge base; `default` stands for the configuration. */
export function addChunkOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--chunk-tokens <count>', 'tokens aimed at for one chunk, or "default" for the setting').argParser(
        tokensParser('chunkTokens'),
      ),
    )
    .addOption(
      new Option(
        '--chunk-overlap-tokens <count>',
        'tokens that neighbours share, at most half of a chunk, or "default" for the setting',
      ).argParser(tokensParser('chunkOverlapTokens')),
    )
}

/** The change that was asked for. Its flags are taken off the command: there they would be settings of this process. */
export function takeChunkChange(command: Command): ChunkChange {
  const change: ChunkChange = {}
  for (const name of names) {
    const value: unknown = command.getOptionValue(name)
    command.setOptionValue(name, undefined)
    if (value === byConfiguration) change[name] = null
    if (typeof value === 'number') change[name] = value
  }
  return change
}

function tokensParser(name: (typeof names)[number]): (text: string) => number | typeof byConfiguration {
  return (text) => {
    if (text === byConfiguration) return text
    const parsed = settings.shape[name].safeParse(text)
    if (parsed.success) return parsed.data
    const reason = parsed.error.issues[0]?.message ?? 'expected a whole number'
    throw new InvalidArgumentError(`${reason}; "default" goes by the setting.`)
  }
}

/** Such as `chunks of 300 tokens, 40 shared`; `default` for what goes by the configuration. */
export function chunkSettingsText({ chunkTokens, chunkOverlapTokens }: Required<ChunkChange>): string {
  return `chunks of ${chunkTokens ?? byConfiguration} tokens, ${chunkOverlapTokens ?? byConfiguration} shared`
}
