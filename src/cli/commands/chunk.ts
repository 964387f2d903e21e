import { resolve } from 'node:path'
import type { Command } from 'commander'
import { checkFile, chunkFile } from '../chunk-file.js'
import type { CliContext } from '../context.js'
import { configOf, settingOption, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { gatherPasswords } from '../passwords.js'
import { chunkedFileLines, chunkLines } from '../render/chunks.js'
import { countText } from '../render/quantity.js'

interface ChunkFlags {
  password?: string[]
}

/** `inkstone chunk`: what a file becomes, without a home. Ends with 1 when it holds nothing that can be read. */
export function chunkCommand(context: CliContext): Command {
  return documentedCommand('chunk', 'Show what a file becomes: its chunks, and what could not be read.', {
    examples: [
      { line: 'inkstone chunk manual.pdf', does: 'every chunk with its place and size, then totals' },
      { line: 'inkstone chunk parts.xlsx --chunk-tokens 200 --json', does: 'with smaller chunks, for scripts' },
    ],
    json: 'one document, {"document": {"title", "mediaType", "pageCount", "ocrCount", "members", "losses", "warnings"}, "chunks"}.',
  })
    .argument('<file>', 'the file; nothing of it is stored')
    .addOption(settingOption('chunkTokens', 'count'))
    .addOption(settingOption('chunkOverlapTokens', 'count'))
    .option('--password <password>', 'for an encrypted file; may be given several times', gatherPasswords)
    .action((file: string, flags: ChunkFlags, command: Command) => show(context, file, flags, command))
}

async function show(context: CliContext, file: string, { password }: ChunkFlags, command: Command): Promise<void> {
  const { terminal, signal, cwd } = context
  const config = configOf(command, context)
  const path = resolve(cwd, file)
  await checkFile(path)
  // Loads what reads files and counts tokens: the other commands start faster without.
  const { openReader } = await import('../open-reader.js')
  const reader = await openReader(config)
  try {
    const chunked = await chunkFile(path, {
      ...reader,
      chunkTokens: config.chunkTokens,
      chunkOverlapTokens: config.chunkOverlapTokens,
      passwords: password ?? [],
      signal,
      onRecognising({ done, total }) {
        if (done === 0) terminal.note(`recognising the text of ${countText(total, 'picture')}`)
      },
    })
    if (chunked.chunks.length === 0 && chunked.document.members.length === 0) {
      terminal.note('there is no text in it that can be read')
      context.setExitCode(1)
    }
    if (wantsJson(command)) return terminal.printJson(chunked)
    for (const chunk of chunked.chunks) for (const line of chunkLines(chunk, terminal.paint)) terminal.print(line)
    for (const line of chunkedFileLines(chunked, terminal.paint)) terminal.print(line)
  } finally {
    await reader.close()
  }
}
