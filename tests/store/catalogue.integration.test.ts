import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../src/store/catalogue/schema.js'
import { sqliteCatalogue } from '../../src/store/catalogue.js'
import { catalogueContract } from '../support/catalogue-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function openCatalogue(path: string) {
  const catalogue = await sqliteCatalogue({ path })
  onTestFinished(() => catalogue.close())
  return catalogue
}

async function runSql(path: string, sql: string) {
  const client = createClient({ url: `file:${path}` })
  await client.executeMultiple(sql)
  client.close()
}

const newDocument = (knowledgeBaseId: string) => ({
  knowledgeBaseId,
  sourceUri: 'a.txt',
  contentHash: 'h1',
  title: 'A',
  mediaType: 'text/plain',
  sizeBytes: 5,
  metadata: {},
})

describe('sqliteCatalogue', () => {
  catalogueContract(async () => openCatalogue(join(await temporaryFolder(), 'catalogue.sqlite')))

  test('knows everything again when it is reopened, in a folder of any name', async () => {
    const path = join(await temporaryFolder(), '资料 %20 #1?', 'catalogue.sqlite')
    const first = await sqliteCatalogue({ path })
    const { id } = await first.createKnowledgeBase({ slug: 'default', name: 'Default' })
    const { document } = await first.submit(newDocument(id))
    await first.close()
    const again = await openCatalogue(path)
    expect(await again.getDocument(document.id)).toEqual(document)
    expect(await again.claimJob()).toMatchObject({ documentId: document.id })
  })

  test('takes over what an older version wrote', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    const tagged = { field: 'tags', eq: '泵' } as const
    const releasedFirst = migrations.slice(0, 2).join('\n')
    await runSql(
      path,
      `${releasedFirst}
       INSERT INTO knowledge_bases (id, slug, name, created_at) VALUES ('kb_1', 'default', 'Default', '2026');
       INSERT INTO documents VALUES (1, 'doc_1', 'kb_1', 'a.txt', 'A', 'text/plain', 'h1', 5, 1, 1, 'ready', NULL, 2,
         '{"tags":"泵"}', 'A', '{}', NULL, '2026', '2026');
       INSERT INTO sources VALUES ('kb_1', 'a.txt', 'doc_1');
       INSERT INTO jobs VALUES (1, 'job_1', 'kb_1', 'doc_1', 2, 'h1', 'a.txt', 'queued', 'queued', '[]', NULL, 0, '2026',
         '2026');
       PRAGMA user_version = 2`,
    )
    const catalogue = await openCatalogue(path)
    expect(await catalogue.getKnowledgeBase('default')).toMatchObject({
      chunkTokens: null,
      denseTrust: null,
      documentCount: 1,
    })
    expect(await catalogue.getDocument('doc_1')).toMatchObject({ status: 'ready', losses: [], ocrCount: 0 })
    expect(await catalogue.listSources('kb_1')).toMatchObject([{ sourceUri: 'a.txt', containerId: null }])
    expect(await catalogue.selectDocuments('kb_1', tagged)).toEqual({ mode: 'except', documentIds: [], chunkCount: 2 })
    expect(await catalogue.claimJob()).toMatchObject({ id: 'job_1', priority: 'interactive' })
  })

  test('refuses a database of a newer version and says what to do', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    await (await sqliteCatalogue({ path })).close()
    await runSql(path, 'PRAGMA user_version = 99')
    await expect(sqliteCatalogue({ path })).rejects.toMatchObject({
      code: 'store_corrupt',
      message: expect.stringContaining('newer'),
      remedy: expect.stringContaining('newer version'),
    })
  })

  test('refuses a file that is no database', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    await writeFile(path, 'not a database at all, but long enough to look at'.repeat(100))
    await expect(sqliteCatalogue({ path })).rejects.toMatchObject({ code: 'store_corrupt' })
  })

  test('says so when a row is not what it should be', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    const first = await sqliteCatalogue({ path })
    const { id } = await first.createKnowledgeBase({ slug: 'default', name: 'Default' })
    const { document } = await first.submit(newDocument(id))
    await first.close()
    await runSql(path, "UPDATE documents SET metadata = 'not json'")
    const again = await openCatalogue(path)
    await expect(again.getDocument(document.id)).rejects.toMatchObject({ code: 'store_corrupt' })
  })
})
