import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { limits } from '../api/limits.js'
import { settings } from '../config/settings.js'
import type { KnowledgeBase } from '../core/types.js'

/** Settings of its own that a knowledge base is to have; null goes back to the default. */
export type SettingsChange = Partial<Pick<KnowledgeBase, 'chunkTokens' | 'chunkOverlapTokens' | 'denseTrust'>>

const byDefault = 'default'
const { chunkTokens, chunkOverlapTokens } = settings.shape
const denseTrust = z.string().trim().min(1).transform(Number).pipe(z.number().min(0).max(limits.denseTrust))
const schemas = { chunkTokens, chunkOverlapTokens, denseTrust }
const names = ['chunkTokens', 'chunkOverlapTokens', 'denseTrust'] as const

/** Adds the flags for the settings of a knowledge base; `default` takes one away. */
export function addSettingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--chunk-tokens <count>', 'tokens aimed at for one chunk, or "default" for the setting').argParser(
        numberParser('chunkTokens'),
      ),
    )
    .addOption(
      new Option(
        '--chunk-overlap-tokens <count>',
        'tokens that neighbours share, at most half of a chunk, or "default" for the setting',
      ).argParser(numberParser('chunkOverlapTokens')),
    )
    .addOption(
      new Option(
        '--dense-trust <factor>',
        'how far the vectors are trusted beside the terms, 0 to 2, or "default": by the language of the question',
      ).argParser(numberParser('denseTrust')),
    )
}

/** The change that was asked for. Its flags are taken off the command: there they would be settings of this process. */
export function takeSettings(command: Command): SettingsChange {
  const change: SettingsChange = {}
  for (const name of names) {
    const value: unknown = command.getOptionValue(name)
    command.setOptionValue(name, undefined)
    if (value === byDefault) change[name] = null
    if (typeof value === 'number') change[name] = value
  }
  return change
}

function numberParser(name: (typeof names)[number]): (text: string) => number | typeof byDefault {
  return (text) => {
    if (text === byDefault) return text
    const parsed = schemas[name].safeParse(text)
    if (parsed.success) return parsed.data
    const reason = parsed.error.issues[0]?.message ?? 'expected a number'
    throw new InvalidArgumentError(`${reason}; "default" goes by the setting.`)
  }
}

/** Such as `chunks of 300 tokens, 40 shared, dense trust 0.5`; `default` for what is not set. */
export function settingsText({ chunkTokens, chunkOverlapTokens, denseTrust }: Required<SettingsChange>): string {
  const [tokens, shared, trust] = [chunkTokens, chunkOverlapTokens, denseTrust].map((value) => value ?? byDefault)
  return `chunks of ${tokens} tokens, ${shared} shared, dense trust ${trust}`
}
