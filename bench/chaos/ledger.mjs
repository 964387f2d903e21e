import { isScan, marksIn } from './documents.mjs'

/** What was promised, and what is found when a program that was killed runs again. */
export function newLedger() {
  /** Newest acknowledged content of each file, and all that may be there because they were handed in. */
  const acknowledged = new Map()
  const handedIn = new Map()
  const shownRevision = new Map()
  const faults = { lost: [], halfVisible: [], doubled: [] }

  async function check(service) {
    const sources = await service.listSources('default')
    const bySource = new Map()
    for (const entry of sources) {
      if (bySource.has(entry.sourceUri)) faults.doubled.push(`${entry.sourceUri} is listed twice`)
      bySource.set(entry.sourceUri, entry)
    }
    for (const [path, hash] of acknowledged) {
      const entry = bySource.get(path)
      if (entry === undefined) faults.lost.push(`${path} was acknowledged and is gone`)
      else if (entry.contentHash !== hash && !handedIn.get(path)?.has(entry.contentHash)) {
        faults.lost.push(`${path} does not have the content that was acknowledged`)
      }
    }
    const documents = await allDocuments(service)
    for (const document of documents) await checkDocument(service, document)
    await checkSearches(service)
    return documents
  }

  async function checkDocument(service, before) {
    const shown = shownRevision.get(before.id) ?? 0
    if (before.revision < shown) faults.halfVisible.push(`${before.sourceUri} went back to revision ${before.revision}`)
    if (shown > 0 && before.status !== 'ready')
      faults.lost.push(`${before.sourceUri} was searchable and is ${before.status}`)
    shownRevision.set(before.id, Math.max(shown, before.revision))
    if (before.revision === 0) return
    const chunks = await service.listChunks(before.id)
    const after = await service.getDocument(before.id)
    // A job that ended in between makes the comparison void; the next check looks again.
    if (after.revision !== before.revision) return
    if (chunks.length !== before.chunkCount) {
      faults.halfVisible.push(`${before.sourceUri} has ${chunks.length} of ${before.chunkCount} chunks`)
    }
    if (new Set(chunks.map(({ id }) => id)).size < chunks.length || chunks.some(({ index }, at) => index !== at)) {
      faults.doubled.push(`${before.sourceUri} has chunks twice, or out of order`)
    }
    if (isMixed(before, chunks)) faults.halfVisible.push(`${before.sourceUri} mixes two of its versions`)
  }

  async function checkSearches(service) {
    for (const query of ['pump bearing seal torque', '轴承 密封 流量']) {
      const { hits } = await service.search({ query, knowledgeBaseIds: ['default'], topK: 50 })
      const keys = hits.map(({ chunk }) => `${chunk.documentId} ${chunk.index}`)
      if (new Set(keys).size < keys.length) faults.doubled.push(`"${query}" finds a chunk twice`)
      for (const { chunk } of hits) {
        const document = await service.getDocument(chunk.documentId).catch(() => null)
        // A newer revision may have become ready since; an older or a future one is never right.
        if (document === null) faults.halfVisible.push(`"${query}" finds a document that is gone`)
        else if (chunk.revision > document.revision || chunk.revision < (shownRevision.get(document.id) ?? 0)) {
          faults.halfVisible.push(`"${query}" finds revision ${chunk.revision} of ${document.sourceUri}`)
        }
      }
    }
  }

  return {
    faults,
    check,
    handIn(path, hash) {
      handedIn.set(path, (handedIn.get(path) ?? new Set()).add(hash))
    },
    acknowledge(path, hash) {
      acknowledged.set(path, hash)
    },
  }
}

export async function allDocuments(service) {
  const documents = []
  let cursor = null
  do {
    const page = await service.listDocuments('default', { limit: 100, ...(cursor === null ? {} : { cursor }) })
    documents.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return documents
}

function isMixed({ sourceUri }, chunks) {
  if (isScan(sourceUri)) return false
  const versions = new Set(chunks.flatMap(({ text }) => marksIn(text).map(([, version]) => version)))
  return versions.size > 1
}
