import type { Conversation } from '../src/core/conversation.js'
import { useMessages } from './language.js'

interface ConversationRowProps {
  conversation: Conversation
  isCurrent: boolean
  onOpen: () => void
  onRename: () => void
  onExport: (format: 'md' | 'json') => void
  onRemove: () => void
}

/** A conversation with what can be done with it. */
export function ConversationRow({ conversation, isCurrent, ...on }: ConversationRowProps) {
  const say = useMessages()
  const title = conversation.title === '' ? say.untitled : conversation.title
  const button = (text: string, label: string, act: () => void, kind = '') => (
    <button type="button" class={`link-button ${kind}`} aria-label={label} onClick={act}>
      {text}
    </button>
  )
  return (
    <li class={isCurrent ? 'past-conversation is-current' : 'past-conversation'}>
      <button
        type="button"
        class="past-conversation-title"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={on.onOpen}
      >
        {title}
      </button>
      <p class="quiet">
        {say.askedAt(conversation.updatedAt)} · {say.questions(conversation.turnCount)}
      </p>
      <div class="document-buttons">
        {button(say.rename, say.renameNamed(title), on.onRename)}
        {button(say.exportMarkdown, say.exportNamed(title, 'Markdown'), () => on.onExport('md'))}
        {button(say.exportJson, say.exportNamed(title, 'JSON'), () => on.onExport('json'))}
        {button(say.remove, say.removeNamed(title), on.onRemove, 'link-danger')}
      </div>
    </li>
  )
}
