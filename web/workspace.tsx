import type { Problem } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'
import type { Api } from './api.js'
import { ConversationView } from './conversation-view.js'
import { ConversationsPanel } from './conversations-panel.js'
import { DocumentsPanel } from './documents-panel.js'
import { useMessages } from './language.js'
import type { Language } from './messages.js'
import type { Passage } from './passage.js'
import { ProblemNote } from './problem-note.js'
import { Reader } from './reader.js'
import type { Scope } from './scope.js'
import type { Conversation } from './use-conversation.js'
import type { ConversationList } from './use-conversations.js'
import type { DocumentList } from './use-documents.js'
import type { Panels } from './use-panels.js'
import type { DroppedFile, Transfers } from './use-transfers.js'

interface WorkspaceProps {
  api: Api
  /** null until the knowledge bases were loaded, and when there is none. */
  scope: Scope | null
  hasNone: boolean
  problem: Problem | null
  conversation: Conversation
  conversations: ConversationList
  documents: DocumentList
  transfers: Transfers
  panels: Panels
  language: Language
  onAdd: (files: DroppedFile[]) => void
}

/** The conversation, with the documents on one side and the reader on the other when they are open. */
export function Workspace(props: WorkspaceProps) {
  const { api, scope, problem, panels } = props
  const say = useMessages()
  const hasPanel = panels.documentsOpen || panels.conversationsOpen || panels.passage !== null
  return (
    <div class={hasPanel ? 'workspace has-panel' : 'workspace'}>
      {panels.documentsOpen && scope !== null ? (
        <DocumentsPanel
          knowledgeBase={scope.shelf}
          documents={props.documents}
          transfers={props.transfers}
          onAdd={props.onAdd}
          onRead={(document, opener) => panels.openReader(wholeDocument(document), opener)}
          onClose={panels.closeSide}
        />
      ) : null}
      {panels.conversationsOpen ? <Conversations {...props} /> : null}
      <main class="conversation">
        {problem === null ? null : <ProblemNote problem={problem} />}
        {props.conversation.problem === null ? null : <ProblemNote problem={props.conversation.problem} />}
        {props.hasNone ? <p class="note">{say.noKnowledgeBases}</p> : null}
        {scope === null ? null : (
          <ConversationView
            conversation={props.conversation}
            scope={scope}
            language={props.language}
            onOpen={panels.openReader}
          />
        )}
      </main>
      {panels.passage === null ? null : <Reader api={api} passage={panels.passage} onClose={panels.closeReader} />}
    </div>
  )
}

function Conversations({ api, conversation, conversations, panels }: WorkspaceProps) {
  /** Where the panel hides the conversation, choosing one is done with it. */
  const show = (act: () => void) => {
    act()
    if (panels.passage !== null) panels.closeReader()
    if (!window.matchMedia(besideConversation).matches) panels.leaveSide()
  }
  return (
    <ConversationsPanel
      api={api}
      conversations={conversations}
      current={conversation.id}
      onOpen={({ id }) => show(() => conversation.open(id))}
      onNew={() => show(conversation.restart)}
      onRemoved={({ id }) => {
        if (id === conversation.id) conversation.restart()
      }}
      onClose={panels.closeSide}
    />
  )
}

/** As in layout.css: wide enough for a panel beside the conversation. */
const besideConversation = '(width > 64rem)'

function wholeDocument(document: Document): Passage {
  return { documentId: document.id, title: document.title, page: 1, quotes: [], verified: null }
}
