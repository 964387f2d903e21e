import type { OpenPassage } from './answer-text.js'
import { Composer } from './composer.js'
import type { Turn } from './conversation.js'
import { examples } from './examples.js'
import { useMessages } from './language.js'
import type { Language, Messages } from './messages.js'
import type { Scope } from './scope.js'
import { searchingText, TurnView } from './turn-view.js'
import type { Conversation } from './use-conversation.js'
import { useFollowing } from './use-following.js'

interface ConversationViewProps {
  conversation: Conversation
  scope: Scope
  language: Language
  onOpen: OpenPassage
}

/** The questions and answers so far, and the field for the next question. */
export function ConversationView({ conversation, scope, language, onOpen }: ConversationViewProps) {
  const say = useMessages()
  const { turns, busy, ask } = conversation
  const scroller = useFollowing(turns.length, turns.at(-1))
  return (
    <>
      <div class="scroller" ref={scroller}>
        {turns.length === 0 ? (
          <EmptyConversation scope={scope} language={language} onAsk={ask} />
        ) : (
          <section class="turns" aria-label={say.conversation}>
            {turns.map((turn) => (
              <TurnView
                key={turn.key}
                turn={turn}
                onOpen={onOpen}
                onRate={(feedback) => conversation.rate(turn, feedback)}
                onAskAgain={busy ? null : () => conversation.askAgain(turn)}
                onAnswerAnyway={busy ? null : () => conversation.answerAnyway(turn)}
              />
            ))}
          </section>
        )}
      </div>
      <p class="visually-hidden" role="status">
        {announcement(say, turns.at(-1))}
      </p>
      <Composer busy={busy} disabled={false} onAsk={ask} onStop={conversation.stop} />
    </>
  )
}

function announcement(say: Messages, turn: Turn | undefined): string {
  switch (turn?.state) {
    case 'failed':
      return ''
    case 'searching':
      return searchingText(say, turn)
    case 'writing':
      return `${say.sources(turn.hits?.length ?? 0)}. ${say.writing}`
    case 'answered':
      return say.answerReady
    case 'abstained':
      return turn.refusal === null ? '' : say.refusalTitle[turn.refusal.reason]
    case 'stopped':
      return say.stopped
    default:
      turn?.state satisfies undefined
      return ''
  }
}

interface EmptyConversationProps {
  scope: Scope
  language: Language
  onAsk: (question: string) => void
}

function EmptyConversation({ scope, language, onAsk }: EmptyConversationProps) {
  const say = useMessages()
  const questions = scope.hasSample ? examples[language] : []
  return (
    <div class="empty">
      <h2>{say.emptyTitle}</h2>
      <p class="quiet">{scope.documentCount === 0 ? say.emptyLibrary : say.emptyHint}</p>
      {questions.length === 0 ? null : (
        <section class="examples" aria-label={say.examples}>
          <ul>
            {questions.map((question) => (
              <li key={question}>
                <button type="button" class="example" onClick={() => onAsk(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
