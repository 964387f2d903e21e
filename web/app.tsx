import { useMemo, useState } from 'preact/hooks'
import { createApi } from './api.js'
import { KeyDialog } from './dialogs.js'
import { createKeyRing, type KeyQuestion } from './key-ring.js'
import { MessagesProvider, useLanguage } from './language.js'
import { messages } from './messages.js'
import { PageHeader } from './page-header.js'
import { everything } from './scope.js'
import { useConversation } from './use-conversation.js'
import { useConversations } from './use-conversations.js'
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
  const panels = usePanels()
  const conversations = useConversations(api, panels.conversationsOpen)
  const conversation = useConversation(api, {
    knowledgeBaseId: scope?.only?.id ?? null,
    onOpened: ({ knowledgeBaseIds }) => {
      const asked = items?.find(({ id }) => knowledgeBaseIds?.length === 1 && id === knowledgeBaseIds[0])
      if (asked !== undefined) choose(asked.slug)
      else if (knowledgeBaseIds === null && (items?.length ?? 0) > 1) choose(everything)
    },
    onChanged: conversations.refresh,
  })
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
        conversationsOpen={panels.conversationsOpen}
        onConversations={panels.conversationsOpen ? panels.closeSide : panels.openConversations}
        documentsOpen={panels.documentsOpen}
        onDocuments={panels.documentsOpen ? panels.closeSide : panels.openDocuments}
        onRestart={conversation.turns.length === 0 && conversation.id === null ? null : conversation.restart}
      />
      <Workspace
        api={api}
        scope={scope}
        hasNone={items?.length === 0}
        problem={problem}
        conversation={conversation}
        conversations={conversations}
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
