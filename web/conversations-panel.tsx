import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../src/core/conversation.js'
import type { Problem } from '../src/core/job.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { ConversationRow } from './conversation-row.js'
import { ForgetDialog, RenameDialog } from './dialogs.js'
import { fileNameOf } from './file-name.js'
import { useMessages } from './language.js'
import { ProblemNote } from './problem-note.js'
import { saveFile } from './save-file.js'
import type { ConversationList } from './use-conversations.js'

interface ConversationsPanelProps {
  api: Api
  conversations: ConversationList
  /** Id of the one that is shown. */
  current: string | null
  onOpen: (conversation: Conversation) => void
  onNew: () => void
  /** Called when one has been deleted. */
  onRemoved: (conversation: Conversation) => void
  onClose: () => void
}

type Asked = { action: 'rename' | 'remove'; conversation: Conversation } | null

/** The conversations that were held: opening, renaming, exporting, deleting. */
export function ConversationsPanel(props: ConversationsPanelProps) {
  const { api, conversations, onRemoved, onClose } = props
  const say = useMessages()
  const heading = useRef<HTMLHeadingElement>(null)
  const [asked, setAsked] = useState<Asked>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const attempt = (work: Promise<void>) => {
    setAsked(null)
    setProblem(null)
    work.catch((error: unknown) => setProblem(problemOf(error)))
  }
  const remove = (conversation: Conversation) => {
    heading.current?.focus()
    attempt(conversations.remove(conversation).then(() => onRemoved(conversation)))
  }
  const save = ({ id, title }: Conversation, format: 'md' | 'json') =>
    attempt(api.exportConversation(id, format).then((file) => saveFile(file, fileNameOf(title, format))))
  const cancel = () => setAsked(null)
  return (
    <aside class="panel conversations" aria-label={say.conversations}>
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {say.conversations}
        </h2>
        <button type="button" class="button button-quiet" onClick={onClose} aria-keyshortcuts="Escape">
          {say.close}
        </button>
      </header>
      <button type="button" class="button button-primary" onClick={props.onNew}>
        {say.newConversation}
      </button>
      {[problem, conversations.problem].map((it) => (it === null ? null : <ProblemNote key={it.code} problem={it} />))}
      <Rows {...props} onAsked={setAsked} onExport={save} />
      {asked?.action === 'remove' ? (
        <ForgetDialog title={asked.conversation.title} onCancel={cancel} onRemove={() => remove(asked.conversation)} />
      ) : null}
      {asked?.action === 'rename' ? (
        <RenameDialog
          title={asked.conversation.title}
          onCancel={cancel}
          onRename={(title) => attempt(conversations.rename(asked.conversation, title))}
        />
      ) : null}
    </aside>
  )
}

interface RowsProps extends ConversationsPanelProps {
  onAsked: (asked: Asked) => void
  onExport: (conversation: Conversation, format: 'md' | 'json') => void
}

function Rows({ conversations: { items, problem, hasMore, loadMore }, ...props }: RowsProps) {
  const say = useMessages()
  if (items === null) return problem === null ? <p class="quiet">{say.loading}</p> : null
  if (items.length === 0) return <p class="quiet">{say.noConversations}</p>
  return (
    <>
      <ul>
        {items.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            isCurrent={conversation.id === props.current}
            onOpen={() => props.onOpen(conversation)}
            onRename={() => props.onAsked({ action: 'rename', conversation })}
            onExport={(format) => props.onExport(conversation, format)}
            onRemove={() => props.onAsked({ action: 'remove', conversation })}
          />
        ))}
      </ul>
      {hasMore ? (
        <button type="button" class="button" onClick={loadMore}>
          {say.loadMore}
        </button>
      ) : null}
    </>
  )
}
