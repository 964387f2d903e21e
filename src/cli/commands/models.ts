import type { Command } from 'commander'
import type { Config } from '../../config/settings.js'
import { InkstoneError } from '../../core/errors.js'
import { isModelInstalled, modelPath, verifyModel } from '../../embed/installed.js'
import { type EmbeddingModel, embeddingModels, type LocalModel, modelSizeBytes } from '../../embed/models.js'
import { findLocalModel, rerankModels } from '../../embed/rerank-models.js'
import type { CliContext } from '../context.js'
import { configOf, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { installModel } from '../install-model.js'
import { bytesText } from '../render/quantity.js'
import { alignColumns } from '../render/table.js'

/** `inkstone models`: the embedding and reranking models that run on this machine. */
export function modelsCommand(context: CliContext): Command {
  return documentedCommand('models', 'List, fetch and verify the embedding and reranking models.', {
    examples: [
      { line: 'inkstone models list', does: 'what there is and what is installed' },
      { line: 'inkstone models pull', does: 'fetches the configured model and verifies it' },
    ],
    json: 'one document, see the sub-commands.',
  })
    .addCommand(listCommand(context))
    .addCommand(pullCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(pathCommand(context))
}

function listCommand(context: CliContext): Command {
  return documentedCommand('list', 'List the embedding and reranking models of the catalogue.', {
    examples: [{ line: 'inkstone models list --json', does: 'for scripts' }],
    json: 'one document, {"items": [{"id", "kind": "embedding" | "rerank", "languages", "dimensions", "maxTokens", "sizeBytes", "licence", "installed", "configured"}]}.',
  }).action(async (_options: unknown, command: Command) => {
    const config = configOf(command, context)
    const items = await Promise.all([
      ...embeddingModels.map((model) => embeddingItem(model, config)),
      ...rerankModels.map((model) => rerankItem(model, config)),
    ])
    if (wantsJson(command)) return context.terminal.printJson({ items })
    const rows = items.map((item) => [
      item.configured ? '*' : ' ',
      item.id,
      item.kind,
      item.installed ? 'installed' : '-',
      item.languages.length > 5 ? `${item.languages.length} languages` : item.languages.join(' '),
      item.dimensions === null ? '-' : String(item.dimensions),
      item.sizeBytes === null ? '?' : bytesText(item.sizeBytes),
      item.licence,
    ])
    const header = [' ', 'ID', 'KIND', 'STATE', 'LANGUAGES', 'DIMENSIONS', 'SIZE', 'LICENCE']
    for (const line of alignColumns([header, ...rows], { right: [5, 6] })) context.terminal.print(line)
  })
}

function pullCommand(context: CliContext): Command {
  return documentedCommand('pull', 'Fetch a model, verify it and put it into the models folder.', {
    examples: [
      { line: 'inkstone models pull', does: 'the configured model' },
      { line: 'inkstone models pull --pin bge-m3', does: 'trusts the source and notes the hashes for later' },
      { line: 'inkstone models pull --pin bge-reranker-base', does: 'a reranking model, to be named as rerankModel' },
    ],
    json: 'one document, {"id", "path", "fetched"}.',
  })
    .argument('[id]', 'id of the model (default: the configured embedding model)')
    .option('--pin', 'trust files whose hashes are not known yet, and note the hashes')
    .action(async (id: string | undefined, options: { pin?: boolean }, command: Command) => {
      const config = configOf(command, context)
      const model = chosenModel(id, config)
      const { path, fetched } = await installModel(model, config, { context, pin: options.pin === true })
      if (wantsJson(command)) return context.terminal.printJson({ id: model.id, path, fetched })
      const deed = fetched.length === 0 ? 'was there already' : 'fetched'
      context.terminal.print(`${model.id} ${deed} and verified: ${path}`)
    })
}

function verifyCommand(context: CliContext): Command {
  return documentedCommand('verify', 'Compare every file of a model with its SHA-256. Ends with 1 when one differs.', {
    examples: [{ line: 'inkstone models verify bge-small-zh-v1.5', does: 'after a copy to another machine' }],
    json: 'one document, {"id", "ok", "files": [{"path", "status"}]}.',
  })
    .argument('[id]', 'id of the model (default: the configured embedding model)')
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const config = configOf(command, context)
      const model = chosenModel(id, config)
      const files = await verifyModel(model, config.modelsDir)
      const ok = files.every((file) => file.status === 'ok')
      if (!ok) context.setExitCode(1)
      if (wantsJson(command)) return context.terminal.printJson({ id: model.id, ok, files })
      for (const line of alignColumns(files.map((file) => [file.status, file.path]))) context.terminal.print(line)
      if (!ok) context.terminal.note(`run "inkstone models pull ${model.id}" to fetch what is missing or corrupt`)
    })
}

function pathCommand(context: CliContext): Command {
  return documentedCommand('path', 'Print the folder of a model, there or not.', {
    examples: [{ line: 'inkstone models path', does: 'where to put the files on a machine without a network' }],
    json: 'one document, {"id", "path", "installed"}.',
  })
    .argument('[id]', 'id of the model (default: the configured embedding model)')
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const config = configOf(command, context)
      const model = chosenModel(id, config)
      const path = modelPath(model, config.modelsDir)
      if (!wantsJson(command)) return context.terminal.print(path)
      const installed = await isModelInstalled(model, config.modelsDir)
      context.terminal.printJson({ id: model.id, path, installed })
    })
}

async function embeddingItem(model: EmbeddingModel, config: Config) {
  const configured = config.embedBaseUrl === undefined && model.id === config.embedModel
  return { ...(await listItem(model, config)), kind: 'embedding', dimensions: model.dimensions, configured }
}

async function rerankItem(model: LocalModel, config: Config) {
  const configured = config.rerankBaseUrl === undefined && model.id === config.rerankModel
  return { ...(await listItem(model, config)), kind: 'rerank', dimensions: null, configured }
}

async function listItem(model: LocalModel, { modelsDir }: Config) {
  const { id, languages, maxTokens, licence } = model
  const installed = await isModelInstalled(model, modelsDir)
  return { id, languages, maxTokens, sizeBytes: modelSizeBytes(model), licence, installed }
}

function chosenModel(id: string | undefined, config: Config): LocalModel {
  if (id === undefined && config.embedBaseUrl !== undefined) {
    throw new InkstoneError(
      'invalid_request',
      `embeddings come from ${config.embedBaseUrl}: no local model is configured`,
      {
        remedy: 'name a model, see "inkstone models list"',
      },
    )
  }
  return findLocalModel(id ?? config.embedModel)
}
