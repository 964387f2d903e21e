import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import type { LocalModel, ModelFile } from './models.js'

/** `unpinned`: the file is there, but neither the catalogue nor `pins.json` says what it should be. */
export type FileStatus = 'ok' | 'missing' | 'corrupt' | 'unpinned'

const pinsSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), sizeBytes: z.int().nonnegative() }),
  ),
)

type Pins = z.infer<typeof pinsSchema>

/** The folder that holds the model's files, there or not. */
export function modelPath(model: LocalModel, modelsDir: string): string {
  return join(modelsDir, ...model.folder.split('/'))
}

/** The model with the hashes and sizes that `pins.json` adds; what the catalogue says is never overruled. */
export async function withPins<Model extends LocalModel>(model: Model, modelsDir: string): Promise<Model> {
  if (model.files.every((file) => file.sha256 !== null)) return model
  const pins = (await readPins(modelsDir))[model.id] ?? {}
  return { ...model, files: model.files.map((file) => (file.sha256 === null ? { ...file, ...pins[file.path] } : file)) }
}

/** Compares every file with its pinned size and SHA-256. Reads all of them: about a second for each gigabyte. */
export async function verifyModel(
  model: LocalModel,
  modelsDir: string,
): Promise<{ path: string; status: FileStatus }[]> {
  const pinned = await withPins(model, modelsDir)
  const folder = modelPath(model, modelsDir)
  return Promise.all(
    pinned.files.map(async (file) => ({ path: file.path, status: await fileStatus(join(folder, file.path), file) })),
  )
}

/** Whether every file is there with its pinned size. Reads no contents, so that a start stays fast. */
export async function isModelInstalled(model: LocalModel, modelsDir: string): Promise<boolean> {
  const pinned = await withPins(model, modelsDir)
  const folder = modelPath(model, modelsDir)
  const sizes = await Promise.all(pinned.files.map((file) => sizeOf(join(folder, file.path))))
  return pinned.files.every((file, index) => file.sizeBytes !== null && sizes[index] === file.sizeBytes)
}

/** Compares a file with what it should be: size first, as it is free. */
export async function fileStatus(path: string, expected: ModelFile): Promise<FileStatus> {
  const sizeBytes = await sizeOf(path)
  if (sizeBytes === null) return 'missing'
  if (expected.sha256 === null) return 'unpinned'
  if (expected.sizeBytes !== null && expected.sizeBytes !== sizeBytes) return 'corrupt'
  return (await sha256Of(path)) === expected.sha256 ? 'ok' : 'corrupt'
}

/**
 * Writes the hashes and sizes of the files at `folder` into `pins.json`, for a model whose catalogue entry has none.
 * From then on a pull, a verification and a load hold the files to them.
 */
export async function pinModel(model: LocalModel, modelsDir: string): Promise<void> {
  const folder = modelPath(model, modelsDir)
  const entries = await Promise.all(
    model.files
      .filter((file) => file.sha256 === null)
      .map(async ({ path }) => {
        const file = join(folder, path)
        return [path, { sha256: await sha256Of(file), sizeBytes: (await stat(file)).size }] as const
      }),
  )
  const pins: Pins = { ...(await readPins(modelsDir)), [model.id]: Object.fromEntries(entries) }
  const path = join(modelsDir, 'pins.json')
  const temporary = `${path}.${process.pid}`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(`${JSON.stringify(pins, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
}

/** Moves a complete file to its place so that after a crash it is there whole or not at all. */
export async function moveIntoPlace(source: string, target: string): Promise<void> {
  const handle = await open(source, 'r+')
  await handle.sync().finally(() => handle.close())
  await mkdir(dirname(target), { recursive: true })
  await rename(source, target)
  await syncFolder(dirname(target))
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its rename is journalled.
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

async function readPins(modelsDir: string): Promise<Pins> {
  const path = join(modelsDir, 'pins.json')
  const text = await readFile(path, 'utf8').catch(() => '{}')
  try {
    return pinsSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new InkstoneError('model_corrupt', `${path} is not a file of pinned hashes`, {
      remedy: 'remove it, check the models by hand and pin them again with "inkstone models pull --pin <id>"',
      cause: error,
    })
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (entry) => (entry.isFile() ? entry.size : null),
    () => null,
  )
}
