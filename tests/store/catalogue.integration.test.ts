import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../src/store/catalogue/schema.js'
import { sqliteCatalogue } from '../../src/store/catalogue.js'
import { answeredRecord, newAnswerRecord, traceOf } from '../support/answer-records.js'
import { answersContract } from '../support/answers-contract.js'
import { catalogueContract } from '../support/catalogue-contract.js'
import { conversationsContract } from '../support/conversations-contract.js'
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
  answersContract(async () => openCatalogue(join(await temporaryFolder(), 'catalogue.sqlite')))
  conversationsContract(async () => openCatalogue(join(await temporaryFolder(), 'catalogue.sqlite')))

  test('counts the answers of a conversation, and removes them together', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    const catalogue = await openCatalogue(path)
    const { id } = await catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' })
    const columns = '(id, title, knowledge_base_ids, created_at, updated_at)'
    await runSql(
      path,
      `INSERT INTO conversations ${columns} VALUES ('cnv_1', 'A', '[]', '2026', '2026'), ('cnv_2', 'B', '[]', '2026', '2026')`,
    )
    const asked = { trace: traceOf(id, ['doc_1']) }
    const ofFirst = { ...asked, conversationId: 'cnv_1' }
    const positions = []
    for (const [answerId, given] of [
      ['ans_1', ofFirst],
      ['ans_2', { ...asked, conversationId: 'cnv_2' }],
      ['ans_3', ofFirst],
      ['ans_4', asked],
    ] as const) {
      positions.push((await catalogue.saveAnswer(newAnswerRecord(answerId, given))).position)
    }
    expect(positions).toEqual([1, 1, 2, null])
    await runSql(path, "PRAGMA foreign_keys = ON; DELETE FROM conversations WHERE id = 'cnv_1'")
    expect((await catalogue.listAnswers({ limit: 9 })).items.map(({ id }) => id)).toEqual(['ans_4', 'ans_2'])
    await catalogue.deleteKnowledgeBase(id)
    expect((await catalogue.listAnswers({ limit: 9 })).items).toEqual([])
    await expect(catalogue.saveAnswer(newAnswerRecord('ans_5', ofFirst))).rejects.toThrow()
    await expect(
      catalogue.saveAnswer(newAnswerRecord('ans_5', { trace: traceOf(id), conversationId: 'cnv_2' })),
    ).rejects.toMatchObject({ code: 'conversation_not_found' })
  })

  test('says of an answer that it cannot read what it is, and lists it all the same', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    const catalogue = await openCatalogue(path)
    await catalogue.saveAnswer(newAnswerRecord('ans_1'))
    await runSql(path, "UPDATE answers SET answer = '{}', trace = 'no JSON'")
    const unreadable = { code: 'store_corrupt', message: expect.stringContaining('ans_1') }
    await expect(catalogue.getAnswer('ans_1')).rejects.toMatchObject(unreadable)
    await expect(catalogue.getAnswerTrace('ans_1')).rejects.toMatchObject(unreadable)
    expect((await catalogue.listAnswers({ limit: 9 })).items).toMatchObject([
      { id: 'ans_1', question: answeredRecord.question },
    ])
    await catalogue.deleteAnswer('ans_1')
  })

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
      answerability: null,
      documentCount: 1,
    })
    expect(await catalogue.getDocument('doc_1')).toMatchObject({ status: 'ready', losses: [], ocrCount: 0 })
    expect(await catalogue.listSources('kb_1')).toMatchObject([{ sourceUri: 'a.txt', containerId: null }])
    expect(await catalogue.selectDocuments('kb_1', tagged)).toEqual({ mode: 'except', documentIds: [], chunkCount: 2 })
    expect(await catalogue.claimJob()).toMatchObject({ id: 'job_1', priority: 'interactive' })
  })

  test('takes refusals that another version learned from other evidence for none', async () => {
    const path = join(await temporaryFolder(), 'catalogue.sqlite')
    const first = await sqliteCatalogue({ path })
    await first.createKnowledgeBase({ slug: 'default', name: 'Default' })
    await first.close()
    for (const stored of ['{"bias":1,"weights":{"length":2},"least":0.5,"fingerprint":"f"}', 'half {']) {
      await runSql(path, `UPDATE knowledge_bases SET answerability = '${stored}'`)
      const again = await sqliteCatalogue({ path })
      expect(await again.getKnowledgeBase('default')).toMatchObject({ name: 'Default', answerability: null })
      await again.close()
    }
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
