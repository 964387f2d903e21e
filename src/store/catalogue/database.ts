import { pathToFileURL } from 'node:url'
import { type Client, createClient, type InValue } from '@libsql/client'
import { z } from 'zod'
import { InkstoneError } from '../../core/errors.js'
import { serial } from '../serial.js'

/** What statements run on: the open transaction, or the connection itself for reading. */
export interface Sql {
  /** The rows of a query, each checked against `shape`. */
  all<T>(shape: z.ZodType<T>, sql: string, args?: InValue[]): Promise<T[]>
  first<T>(shape: z.ZodType<T>, sql: string, args?: InValue[]): Promise<T | null>
  run(sql: string, args?: InValue[]): Promise<void>
}

/**
 * A SQLite file, used one task at a time: its single connection runs each statement to its end before it returns, and
 * its client refuses statements beside an open transaction.
 */
export interface Database {
  read<T>(task: (sql: Sql) => Promise<T>): Promise<T>
  /** Runs `task` in one transaction that is on disk when the promise resolves and undone when the task throws. */
  write<T>(task: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** One step of the schema: statements, or what has to be written by code. */
export type Migration = string | ((sql: Sql) => Promise<void>)

/** @throws InkstoneError `store_corrupt` when the file is no database or a newer Inkstone has written it */
export async function openDatabase(path: string, migrations: readonly Migration[]): Promise<Database> {
  const client = await connect(path)
  const queue = serial()
  try {
    await migrate(client, migrations, path)
  } catch (thrown) {
    client.close()
    throw readable(thrown, path)
  }
  return {
    read: (task) => queue(() => task(statements(client)).catch((thrown) => Promise.reject(readable(thrown, path)))),
    write: (task) => queue(() => transact(client, task).catch((thrown) => Promise.reject(readable(thrown, path)))),
    close: () => queue(async () => client.close()),
  }
}

async function connect(path: string): Promise<Client> {
  try {
    const client = createClient({ url: pathToFileURL(path).href, concurrency: 1, timeout: 5_000 })
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'busy_timeout = 5000']) {
      await client.execute(`PRAGMA ${pragma}`)
    }
    return client
  } catch (thrown) {
    throw readable(thrown, path)
  }
}

async function migrate(client: Client, migrations: readonly Migration[], path: string): Promise<void> {
  const [row] = await statements(client).all(z.object({ user_version: z.number() }), 'PRAGMA user_version')
  const version = row?.user_version ?? 0
  if (version > migrations.length) {
    throw new InkstoneError(
      'store_corrupt',
      `${path} was written by a newer Inkstone: its schema is ${version}, this one knows ${migrations.length}`,
      { remedy: 'start the newer version again, or restore a backup that this version has made' },
    )
  }
  for (const [at, migration] of migrations.entries()) {
    if (at < version) continue
    const transaction = await client.transaction('write')
    try {
      if (typeof migration === 'string') await transaction.executeMultiple(migration)
      else await migration(statements(transaction))
      await transaction.execute(`PRAGMA user_version = ${at + 1}`)
      await transaction.commit()
    } finally {
      transaction.close()
    }
  }
}

async function transact<T>(client: Client, task: (sql: Sql) => Promise<T>): Promise<T> {
  const transaction = await client.transaction('write')
  try {
    const result = await task(statements(transaction))
    await transaction.commit()
    return result
  } finally {
    transaction.close()
  }
}

function statements(target: Pick<Client, 'execute'>): Sql {
  const query = async <T>(shape: z.ZodType<T>, sql: string, args: InValue[]) => {
    const { rows } = await target.execute({ sql, args })
    return rows.map((row) => shape.parse(row))
  }
  return {
    all: (shape, sql, args = []) => query(shape, sql, args),
    first: async (shape, sql, args = []) => (await query(shape, sql, args))[0] ?? null,
    run: async (sql, args = []) => {
      await target.execute({ sql, args })
    },
  }
}

function readable(thrown: unknown, path: string): unknown {
  if (thrown instanceof InkstoneError) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'SQLITE_FULL') {
    return new InkstoneError('storage_full', 'the disk is full', {
      remedy: 'free some space and try again',
      cause: thrown,
    })
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT' || thrown instanceof z.ZodError) {
    return new InkstoneError('store_corrupt', `${path} cannot be read: ${messageOf(thrown)}`, {
      remedy: 'put a backup of the home in its place, or move the folder "kb" away and ingest your files again',
      cause: thrown,
    })
  }
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_IOERR') {
    return new InkstoneError('home_unwritable', `${path} cannot be written: ${messageOf(thrown)}`, {
      remedy: 'give this user the right to write there, or choose another folder with --home or INKSTONE_HOME',
      cause: thrown,
    })
  }
  return thrown
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
