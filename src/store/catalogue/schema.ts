import type { Migration } from './database.js'
import { writeAllFields } from './fields.js'

/**
 * Each entry brings the database one version further (`PRAGMA user_version`). An entry that has been released never
 * changes. `seq` is the order in which rows were made: ids are random within a millisecond.
 */
export const migrations: readonly Migration[] = [
  `CREATE TABLE knowledge_bases (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     slug TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     created_at TEXT NOT NULL
   );
   CREATE TABLE documents (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     knowledge_base_id TEXT NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
     source_uri TEXT NOT NULL,
     title TEXT NOT NULL,
     media_type TEXT NOT NULL,
     content_hash TEXT NOT NULL,
     size_bytes INTEGER NOT NULL,
     revision INTEGER NOT NULL,
     latest_revision INTEGER NOT NULL,
     status TEXT NOT NULL,
     page_count INTEGER,
     chunk_count INTEGER NOT NULL,
     metadata TEXT NOT NULL,
     submitted_title TEXT NOT NULL,
     submitted_metadata TEXT NOT NULL,
     error TEXT,
     created_at TEXT NOT NULL,
     updated_at TEXT NOT NULL
   );
   CREATE INDEX documents_by_content ON documents (knowledge_base_id, content_hash);
   CREATE INDEX documents_by_hash ON documents (content_hash);
   CREATE INDEX documents_by_status ON documents (knowledge_base_id, status);
   CREATE TABLE sources (
     knowledge_base_id TEXT NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
     source_uri TEXT NOT NULL,
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     PRIMARY KEY (knowledge_base_id, source_uri)
   ) WITHOUT ROWID;
   CREATE INDEX sources_by_document ON sources (document_id);
   CREATE TABLE jobs (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     knowledge_base_id TEXT NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
     document_id TEXT NOT NULL,
     revision INTEGER NOT NULL,
     content_hash TEXT NOT NULL,
     source_uri TEXT NOT NULL,
     status TEXT NOT NULL,
     stage TEXT NOT NULL,
     warnings TEXT NOT NULL,
     error TEXT,
     attempts INTEGER NOT NULL,
     created_at TEXT NOT NULL,
     updated_at TEXT NOT NULL
   );
   CREATE INDEX jobs_by_status ON jobs (status, seq);
   CREATE INDEX jobs_by_document ON jobs (document_id, status);
   CREATE INDEX jobs_by_knowledge_base ON jobs (knowledge_base_id, status);
   CREATE TABLE pages (
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     revision INTEGER NOT NULL,
     position INTEGER NOT NULL,
     page INTEGER,
     span_start INTEGER NOT NULL,
     span_end INTEGER NOT NULL,
     text TEXT NOT NULL,
     PRIMARY KEY (document_id, revision, position)
   );`,
  `CREATE TABLE removals (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     knowledge_base_id TEXT NOT NULL
   );`,
  `ALTER TABLE knowledge_bases ADD COLUMN chunk_tokens INTEGER;
   ALTER TABLE knowledge_bases ADD COLUMN chunk_overlap_tokens INTEGER;
   ALTER TABLE documents ADD COLUMN table_count INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE documents ADD COLUMN ocr_count INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE documents ADD COLUMN losses TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE documents ADD COLUMN passwords TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE sources ADD COLUMN container_id TEXT;
   CREATE INDEX sources_by_container ON sources (container_id);
   ALTER TABLE jobs ADD COLUMN priority TEXT NOT NULL DEFAULT 'interactive';
   ALTER TABLE jobs ADD COLUMN not_before TEXT;`,
  `CREATE TABLE document_fields (
     document INTEGER NOT NULL REFERENCES documents (seq) ON DELETE CASCADE,
     knowledge_base_id TEXT NOT NULL,
     key TEXT NOT NULL,
     text TEXT,
     number REAL,
     truth INTEGER,
     moment REAL
   );
   CREATE INDEX fields_by_document ON document_fields (document);
   CREATE INDEX fields_by_text ON document_fields (knowledge_base_id, key, text, document);
   CREATE INDEX fields_by_number ON document_fields (knowledge_base_id, key, number, document) WHERE number IS NOT NULL;
   CREATE INDEX fields_by_moment ON document_fields (knowledge_base_id, key, moment, document) WHERE moment IS NOT NULL;
   CREATE INDEX documents_by_selection ON documents (knowledge_base_id, id, chunk_count);
   CREATE INDEX documents_by_media_type ON documents (knowledge_base_id, media_type);
   CREATE INDEX documents_by_creation ON documents (knowledge_base_id, created_at);
   CREATE INDEX documents_by_update ON documents (knowledge_base_id, updated_at);`,
  writeAllFields,
  'ALTER TABLE knowledge_bases ADD COLUMN dense_trust REAL;',
  `CREATE TABLE conversations (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     title TEXT NOT NULL,
     knowledge_base_ids TEXT NOT NULL,
     created_at TEXT NOT NULL,
     updated_at TEXT NOT NULL
   );
   CREATE INDEX conversations_by_update ON conversations (updated_at);
   CREATE TABLE answers (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     question TEXT NOT NULL,
     knowledge_base_ids TEXT NOT NULL,
     conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
     position INTEGER,
     asked_at TEXT NOT NULL,
     status TEXT NOT NULL,
     model_id TEXT NOT NULL,
     rating TEXT,
     reason TEXT,
     corrected_answer TEXT,
     feedback_at TEXT,
     answer TEXT NOT NULL,
     trace TEXT NOT NULL
   );
   CREATE UNIQUE INDEX answers_by_position ON answers (conversation_id, position) WHERE conversation_id IS NOT NULL;
   CREATE INDEX answers_by_time ON answers (asked_at);
   CREATE INDEX answers_by_rating ON answers (rating) WHERE rating IS NOT NULL;
   CREATE TABLE answer_sources (
     answer INTEGER NOT NULL REFERENCES answers (seq) ON DELETE CASCADE,
     document_id TEXT NOT NULL,
     knowledge_base_id TEXT NOT NULL,
     PRIMARY KEY (answer, document_id)
   ) WITHOUT ROWID;
   CREATE INDEX answer_sources_by_document ON answer_sources (document_id);
   CREATE INDEX answer_sources_by_knowledge_base ON answer_sources (knowledge_base_id);`,
  `ALTER TABLE knowledge_bases ADD COLUMN preamble TEXT;
   ALTER TABLE knowledge_bases ADD COLUMN glossary TEXT NOT NULL DEFAULT '[]';`,
  'ALTER TABLE knowledge_bases ADD COLUMN answerability TEXT;',
  `ALTER TABLE documents ADD COLUMN may_have_stale_chunks INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX documents_with_stale_chunks ON documents (seq) WHERE may_have_stale_chunks = 1;`,
]
