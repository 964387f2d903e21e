import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Catalogue } from '../core/catalogue.js'
import { answers } from './catalogue/answers.js'
import { unreferenced } from './catalogue/content-hashes.js'
import { conversations } from './catalogue/conversations.js'
import { openDatabase } from './catalogue/database.js'
import { documents } from './catalogue/documents.js'
import { jobs } from './catalogue/jobs.js'
import { knowledgeBases } from './catalogue/knowledge-bases.js'
import { pages } from './catalogue/pages.js'
import { removals } from './catalogue/removals.js'
import { migrations } from './catalogue/schema.js'
import { staleRevisions } from './catalogue/stale-revisions.js'
import { submission } from './catalogue/submit.js'

/**
 * The catalogue in one SQLite file (WAL, every commit synced). One process at a time: see `lockHome`.
 * @throws InkstoneError `store_corrupt` when the file is damaged or was written by a newer version
 */
export async function sqliteCatalogue({ path }: { path: string }): Promise<Catalogue> {
  await mkdir(dirname(path), { recursive: true })
  const database = await openDatabase(path, migrations)
  return {
    ...knowledgeBases(database),
    ...documents(database),
    ...pages(database),
    ...jobs(database),
    ...removals(database),
    ...staleRevisions(database),
    ...answers(database),
    ...conversations(database),
    submit: submission(database),
    unreferencedHashes: (hashes) => database.read((sql) => unreferenced(sql, hashes)),
    close: () => database.close(),
  }
}
