import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Connection, connect, Session, type Table } from '@lancedb/lancedb'
import { z } from 'zod'
import type { ChunkStores } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'
import { isMissing } from './fsync.js'
import { chunkSchema } from './lance-schema.js'
import { lanceTable, type OpenTable, prepareTable, versionsOfNewTable } from './lance-table.js'
import { isDamaged, listManifests, type Manifest, quarantine } from './manifests.js'
import { serial } from './serial.js'
import { removeDurably, type VersionLog, versionLog, writeDurably } from './version-log.js'

/** LanceDB keeps what it has read of indexes and of each version's files: by default up to 6 GB and 1 GB. */
const indexCacheBytes = 32n * 1024n * 1024n
const metadataCacheBytes = 16n * 1024n * 1024n

/**
 * LanceDB takes these from the environment when it is first used. When it writes a table anew it holds so many rows at a
 * time, of so many fragments; with its own 8,192 rows, memory that malloc does not give back grows twice as much, and
 * searches are no faster.
 */
const smallBuffers = { LANCE_DEFAULT_BATCH_SIZE: '256', LANCE_DEFAULT_FRAGMENT_READAHEAD: '1' }

/** What a table was found to need when it was opened after a crash. */
export interface Recovery {
  knowledgeBaseId: string
  /** Versions that were taken out of the table; their manifests lie in `quarantine/`. */
  quarantinedVersions: number[]
  /** Whether some of it had been acknowledged: then the documents of this knowledge base have to be ingested again. */
  acknowledgedLost: boolean
}

interface Settings {
  dir: string
  /** Names the embedder and the chunker: vectors of different fingerprints never meet in one table. */
  fingerprint: string
  dimensions: number
  /** Tables with fewer rows are searched exactly, larger ones by an index. */
  exactRows?: number
  /** The environment of this process and those it starts. What it says of LanceDB's buffers stands, the rest is added. */
  environment?: Record<string, string | undefined>
  onRecovered?: (recovery: Recovery) => unknown
}

/** Exact search is fast enough below: 10 ms at 10,000 rows, 91 at 100,000. */
const usualExactRows = 50_000

const identity = z.strictObject({ format: z.literal(1), fingerprint: z.string(), dimensions: z.number() })

/**
 * Chunk stores in LanceDB: one table a knowledge base, `<id>.lance`. Beside it lie `<id>.json`, which names the
 * fingerprint and is there as long as the table is meant to be, and `<id>.versions`, the versions that are known to be
 * on disk, and `<id>.tuning`, how its vector index is searched. One process at a time: see `lockHome`.
 */
export async function lanceStores(settings: Settings): Promise<ChunkStores> {
  await mkdir(settings.dir, { recursive: true })
  const { environment = {} } = settings
  for (const [name, value] of Object.entries(smallBuffers)) environment[name] ??= value
  const connection = await connect(settings.dir, {}, new Session(indexCacheBytes, metadataCacheBytes))
  const stores = new Map<string, Promise<OpenTable>>()
  const openings = serial()

  const shut = async (knowledgeBaseId: string) => {
    const opened = stores.get(knowledgeBaseId)
    stores.delete(knowledgeBaseId)
    await opened?.then(
      (store) => store.close(),
      () => undefined,
    )
  }

  return {
    open(knowledgeBaseId) {
      const known = stores.get(knowledgeBaseId)
      if (known) return known
      const opened = openings(() => openStore(connection, knowledgeBaseId, settings))
      stores.set(knowledgeBaseId, opened)
      opened.catch(() => stores.delete(knowledgeBaseId))
      return opened
    },
    drop: (knowledgeBaseId) =>
      openings(async () => {
        const places = placesOf(settings.dir, knowledgeBaseId)
        await shut(knowledgeBaseId)
        // First what says that the table is wanted: whatever a crash leaves of the rest is removed at the next opening.
        await removeDurably(places.identity)
        await removeLeftovers(places)
      }),
    async close() {
      await Promise.all([...stores.keys()].map(shut))
      connection.close()
    },
  }
}

interface Places {
  identity: string
  versions: string
  tuning: string
  table: string
  quarantine: string
}

function placesOf(dir: string, knowledgeBaseId: string): Places {
  if (!/^\w+$/.test(knowledgeBaseId)) {
    throw new InkstoneError('knowledge_base_not_found', `"${knowledgeBaseId}" is not the id of a knowledge base`)
  }
  return {
    identity: join(dir, `${knowledgeBaseId}.json`),
    versions: join(dir, `${knowledgeBaseId}.versions`),
    tuning: join(dir, `${knowledgeBaseId}.tuning`),
    table: join(dir, `${knowledgeBaseId}.lance`),
    quarantine: join(dir, 'quarantine', knowledgeBaseId),
  }
}

async function openStore(connection: Connection, knowledgeBaseId: string, settings: Settings): Promise<OpenTable> {
  const { dir, fingerprint, dimensions, exactRows = usualExactRows, environment = {} } = settings
  const places = placesOf(dir, knowledgeBaseId)
  const common = {
    knowledgeBaseId,
    folder: places.table,
    tuningPath: places.tuning,
    exactRows,
    dimensions,
    environment,
  }
  if (await isWanted(places, knowledgeBaseId, settings)) {
    const versions = await versionLog(places.versions)
    try {
      const table = await reopen(connection, places, { knowledgeBaseId, versions, onRecovered: settings.onRecovered })
      if (table) return await lanceTable(table, { ...common, versions })
    } catch (thrown) {
      await versions.close()
      throw thrown
    }
    await versions.close()
  }
  await removeLeftovers(places)
  await writeDurably(places.identity, JSON.stringify({ format: 1, fingerprint, dimensions }))
  const table = await connection.createEmptyTable(knowledgeBaseId, chunkSchema(dimensions))
  await prepareTable(table)
  const versions = await versionLog(places.versions)
  return lanceTable(table, { ...common, versions })
}

/** Whether there is to be a table. @throws InkstoneError `embedding_mismatch` */
async function isWanted(places: Places, knowledgeBaseId: string, settings: Settings): Promise<boolean> {
  let text: string
  try {
    text = await readFile(places.identity, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return false
    throw thrown
  }
  const found = identity.safeParse(parseJson(text))
  if (!found.success) throw corrupt(knowledgeBaseId, `${places.identity} cannot be read`, found.error)
  if (found.data.fingerprint === settings.fingerprint && found.data.dimensions === settings.dimensions) return true
  throw new InkstoneError(
    'embedding_mismatch',
    `the table was built with ${found.data.fingerprint}, the configuration asks for ${settings.fingerprint}`,
    { remedy: `run "inkstone kb reindex ${knowledgeBaseId}", or set the embedding model back` },
  )
}

/**
 * Opens a table as it was at its last version that is known to be on disk. What came after was never acknowledged, and
 * after a power failure parts of it may be missing. Null when nothing can have been acknowledged yet.
 */
async function reopen(
  connection: Connection,
  places: Places,
  options: { knowledgeBaseId: string; versions: VersionLog; onRecovered: Settings['onRecovered'] },
): Promise<Table | null> {
  const { knowledgeBaseId, versions, onRecovered } = options
  const durable = versions.last()
  const manifests = await listManifests(places.table)
  if (durable === null) {
    await setAside(places, manifests.length > 0)
    if (manifests.length > versionsOfNewTable) {
      onRecovered?.({ knowledgeBaseId, quarantinedVersions: [], acknowledgedLost: true })
    }
    return null
  }
  const taken = [...(await suspects(manifests, durable))]
  await quarantine(places.table, taken, places.quarantine)
  const head = manifests.find((manifest) => !taken.includes(manifest))
  if (!head) throw corrupt(knowledgeBaseId, 'none of its versions can be read')
  const table = await openHead(connection, knowledgeBaseId)
  if (taken.length > 0 || head.version < durable) {
    const quarantinedVersions = taken.map(({ version }) => version)
    onRecovered?.({ knowledgeBaseId, quarantinedVersions, acknowledgedLost: head.version < durable })
    await versions.record(head.version)
  }
  return table
}

/** The newest manifests that must go: those after the durable version, if that is there, and those that are damaged. */
async function suspects(manifests: readonly Manifest[], durable: number): Promise<Manifest[]> {
  const isThere = manifests.some(({ version }) => version === durable)
  const found: Manifest[] = []
  for (const manifest of manifests) {
    const unproven = isThere && manifest.version > durable
    if (!unproven && !(await isDamaged(manifest))) break
    found.push(manifest)
  }
  return found
}

async function openHead(connection: Connection, knowledgeBaseId: string): Promise<Table> {
  try {
    const table = await connection.openTable(knowledgeBaseId)
    await table.countRows()
    return table
  } catch (thrown) {
    throw corrupt(knowledgeBaseId, thrown instanceof Error ? thrown.message : String(thrown), thrown)
  }
}

/** A table without a recorded version was killed while it was made, or has lost its record: it is kept, but not used. */
async function setAside(places: Places, hasTable: boolean): Promise<void> {
  if (!hasTable) return
  await mkdir(places.quarantine, { recursive: true })
  await rename(places.table, join(places.quarantine, `${Date.now()}.lance`))
}

async function removeLeftovers(places: Places): Promise<void> {
  await removeDurably(places.table)
  await removeDurably(places.versions)
  await removeDurably(places.tuning)
}

function corrupt(knowledgeBaseId: string, what: string, cause?: unknown): InkstoneError {
  return new InkstoneError('store_corrupt', `the index of ${knowledgeBaseId} is damaged: ${what}`, {
    remedy: `run "inkstone kb reindex ${knowledgeBaseId}": it is rebuilt from the stored files`,
    cause,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
