import type { Catalogue } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import type { Database } from './database.js'
import { findDocument } from './documents.js'
import { pageRow } from './rows.js'
import { noteStaleRevisions } from './stale-revisions.js'

type Pages = Pick<Catalogue, 'saveText' | 'getPages' | 'getPage'>

export function pages(database: Database): Pages {
  return {
    saveText: (documentId, revision, text) =>
      database.write(async (sql) => {
        await findDocument(sql, documentId)
        await noteStaleRevisions(sql, documentId)
        await sql.run('DELETE FROM pages WHERE document_id = ? AND revision = ?', [documentId, revision])
        for (const [position, { page, span, text: pageText }] of text.entries()) {
          await sql.run(
            `INSERT INTO pages (document_id, revision, position, page, span_start, span_end, text)
             VALUES (?, ?, ?, ?, ?, ?, ?)`,
            [documentId, revision, position, page, span.start, span.end, pageText],
          )
        }
      }),

    getPages: (documentId) =>
      database.read(async (sql) => {
        const { document } = await findDocument(sql, documentId)
        return sql.all(pageRow, 'SELECT * FROM pages WHERE document_id = ? AND revision = ? ORDER BY position', [
          documentId,
          document.revision,
        ])
      }),

    getPage: (documentId, page) =>
      database.read(async (sql) => {
        const { document } = await findDocument(sql, documentId)
        const found = await sql.first(
          pageRow,
          'SELECT * FROM pages WHERE document_id = ? AND revision = ? AND coalesce(page, 1) = ? ORDER BY position',
          [documentId, document.revision, page],
        )
        if (found) return found
        throw new InkstoneError('page_not_found', `"${document.title}" has no page ${page}`)
      }),
  }
}
