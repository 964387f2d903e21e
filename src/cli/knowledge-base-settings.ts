import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { limits } from '../api/limits.js'
import { settings } from '../config/settings.js'
import type { KnowledgeBase } from '../core/types.js'
import { readGlossary } from './glossary-file.js'
import { countText } from './render/quantity.js'

/** Settings of its own that a knowledge base is to have; null goes back to the default. */
export type SettingsChange = Partial<
  Pick<KnowledgeBase, 'chunkTokens' | 'chunkOverlapTokens' | 'denseTrust' | 'answerability' | 'preamble' | 'glossary'>
>

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
    .addOption(
      new Option(
        '--preamble <text>',
        'what the language model is told about the domain, or "default": nothing',
      ).argParser(preambleOf),
    )
    .addOption(
      new Option(
        '--glossary <file>',
        'JSON file with the words of the domain, [{"term", "meaning", "synonyms"}], or "default": none',
      ),
    )
}

/** Adds the flag that takes away what a knowledge base has learned about refusals: it is not set by hand. */
export function addResetOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--answerability <model>',
      'when an answer is refused: as the built-in model says, no longer as "kb tune" has learned it',
    ).choices([byDefault]),
  )
}

function preambleOf(text: string): string {
  const said = text.trim()
  if (said !== '' && said.length <= limits.preambleCharacters) return said
  throw new InvalidArgumentError(`expected 1 to ${limits.preambleCharacters} characters; "default" takes it away.`)
}

/**
 * The change that was asked for. Its flags are taken off the command: there they would be settings of this process.
 * @throws InkstoneError `invalid_request` when the file of a glossary cannot be used
 */
export function takeSettings(command: Command, { cwd }: { cwd: string }): SettingsChange {
  const change: SettingsChange = {}
  for (const name of names) {
    const value: unknown = command.getOptionValue(name)
    command.setOptionValue(name, undefined)
    if (value === byDefault) change[name] = null
    if (typeof value === 'number') change[name] = value
  }
  const given: { preamble?: string; glossary?: string; answerability?: string } = command.opts()
  const { preamble, glossary } = given
  if (given.answerability === byDefault) change.answerability = null
  if (preamble !== undefined) change.preamble = preamble === byDefault ? null : preamble
  if (glossary !== undefined) change.glossary = glossary === byDefault ? [] : readGlossary(glossary, { cwd })
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
export function settingsText({ preamble, glossary, answerability, ...settings }: Required<SettingsChange>): string {
  const { chunkTokens, chunkOverlapTokens, denseTrust } = settings
  const [tokens, shared, trust] = [chunkTokens, chunkOverlapTokens, denseTrust].map((value) => value ?? byDefault)
  const learned = answerability === null ? [] : ['refusals as learned']
  const said = preamble === null ? [] : [`preamble of ${countText(preamble.length, 'character')}`]
  const words = glossary.length === 0 ? [] : [`glossary of ${countText(glossary.length, 'term')}`]
  return [`chunks of ${tokens} tokens, ${shared} shared, dense trust ${trust}`, ...learned, ...said, ...words].join(
    ', ',
  )
}
