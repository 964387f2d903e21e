// Ingests documents one after the other, and every second one anew, blob, catalogue and chunks as the product does, and
// names each on standard output once it is acknowledged. It is killed from outside.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { blobStore } from '../../dist/store/blobs.js'
import { sqliteCatalogue } from '../../dist/store/catalogue.js'
import { lanceStores } from '../../dist/store/lance.js'

const [, , home, first] = process.argv
const dimensions = 16
const catalogue = await sqliteCatalogue({ path: join(home, 'catalogue.sqlite') })
const blobs = await blobStore({ dir: join(home, 'blobs') })
const stores = await lanceStores({ dir: join(home, 'lance'), fingerprint: 'model', dimensions })
await catalogue.createKnowledgeBase({ slug: 'default', name: 'Default' }).catch(() => undefined)
const { id } = await catalogue.getKnowledgeBase('default')
await catalogue.requeueInterruptedJobs()
const store = await stores.open('kb_1')
process.stdout.write('ready\n')

for (let at = Number(first); ; at += 1) {
  const bytes = Buffer.from(`content ${at}`)
  const { hash } = await blobs.put(Readable.from([bytes]), { maxBytes: 1000 })
  const contentHash = createHash('sha256').update(bytes).digest('hex')
  if (hash !== contentHash) throw new Error('wrong hash')
  // The second of two takes the place of the first.
  const uri = `${at - (at % 2)}.txt`
  const file = { knowledgeBaseId: id, sourceUri: uri, mediaType: 'text/plain', title: uri, sizeBytes: 9, metadata: {} }
  const { document } = await catalogue.submit({ ...file, contentHash })
  process.stdout.write(`accepted ${document.id} ${hash}\n`)
  const job = await catalogue.claimJob()
  const chunks = [0, 1, 2].map((index) => ({
    id: `chk_${job.documentId}_${job.revision}_${index}`,
    knowledgeBaseId: id,
    documentId: job.documentId,
    revision: job.revision,
    documentTitle: uri,
    index,
    text: `alpha ${at} ${index}`,
    span: { start: 0, end: 1 },
    page: null,
    headingPath: [],
    kind: 'paragraph',
    tokenCount: 3,
  }))
  await catalogue.saveText(job.documentId, job.revision, [])
  const vectors = chunks.map(() => new Float32Array(dimensions).fill(0.25))
  await store.putRevisions([{ documentId: job.documentId, chunks, embeddings: vectors }])
  if (at % 7 === 0) await store.maintain({ force: true })
  const counts = { pageCount: null, chunkCount: 3, tableCount: 0, ocrCount: 0 }
  const result = { title: null, mediaType: 'text/plain', ...counts, losses: [], metadata: {}, warnings: [] }
  await catalogue.finishJob(job.id, { revision: job.revision, ...result })
  process.stdout.write(`done ${job.documentId}\n`)
  if (at % 4 !== 3) continue
  const stale = await catalogue.listStaleRevisions()
  await store.dropRevisions(stale)
  await catalogue.staleRevisionsDropped(stale)
}
