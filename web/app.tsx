import { useMemo, useState } from 'preact/hooks'
import { createApi } from './api.js'
import { KeyDialog } from './dialogs.js'
import { createKeyRing, type KeyQuestion } from './key-ring.js'
import { MessagesProvider, useLanguage } from './language.js'
import { messages } from './messages.js'
import { PageHeader } from './page-header.js'
import { useConversation } from './use-conversation.js'
import { useDocuments } from './use-documents.js'
import { useFileDrop } from './use-file-drop.js'
import { useKnowledgeBases } from './use-knowledge-bases.js'
import { usePanels } from './use-panels.js'
import { type DroppedFile, useTransfers } from './use-transfers.js'
import { Workspace } from './workspace.js'

/** The chat page. */
export function App() {
  const [language, setLanguage] = useLanguage()
  const say = messages[language]
  const [keyQuestion, setKeyQuestion] = useState<KeyQuestion | null>(null)
  const api = useMemo(() => createApi(createKeyRing(sessionStorage, setKeyQuestion)), [])
  const { items, scope, problem, choose, refresh } = useKnowledgeBases(api)
  const slug = scope?.shelf.slug ?? null
  const conversation = useConversation(api, scope?.only?.id ?? null)
  const panels = usePanels()
  const documents = useDocuments(api, slug, panels.documentsOpen)
  const transfers = useTransfers(api, () => {
    documents.refresh()
    refresh()
  })
  const add = (files: DroppedFile[]) => {
    if (slug === null) return
    panels.openDocuments()
    transfers.add(slug, files)
  }
  const isDropping = useFileDrop(add)

  return (
    <MessagesProvider value={say}>
      <PageHeader
        knowledgeBases={items ?? []}
        scope={scope}
        onChoose={(it) => {
          conversation.restart()
          panels.closeReader()
          choose(it)
        }}
        language={language}
        onLanguage={setLanguage}
        documentsOpen={panels.documentsOpen}
        onDocuments={panels.documentsOpen ? panels.closeDocuments : panels.openDocuments}
        onRestart={conversation.turns.length === 0 ? null : conversation.restart}
      />
      <Workspace
        api={api}
        scope={scope}
        hasNone={items?.length === 0}
        problem={problem}
        conversation={conversation}
        documents={documents}
        transfers={transfers}
        panels={panels}
        language={language}
        onAdd={add}
      />
      {isDropping && scope !== null ? <div class="drop-veil">{say.dropHere(scope.shelf.name)}</div> : null}
      {keyQuestion === null ? null : <KeyDialog key={String(keyQuestion.refused)} question={keyQuestion} />}
    </MessagesProvider>
  )
}
