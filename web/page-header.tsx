import type { KnowledgeBase } from '../src/core/types.js'
import { useMessages } from './language.js'
import { type Language, languages, messages } from './messages.js'
import { everything, type Scope } from './scope.js'

interface PageHeaderProps {
  knowledgeBases: readonly KnowledgeBase[]
  scope: Scope | null
  /** Takes a slug, or `everything`. */
  onChoose: (value: string) => void
  language: Language
  onLanguage: (language: Language) => void
  conversationsOpen: boolean
  onConversations: () => void
  documentsOpen: boolean
  onDocuments: () => void
  /** null while there is no conversation to leave. */
  onRestart: (() => void) | null
}

/** Product name, knowledge base, language and the ways to a new conversation and to the documents. */
export function PageHeader(props: PageHeaderProps) {
  const say = useMessages()
  return (
    <header class="page-header">
      <a class="skip-link" href="#question">
        {say.skipToQuestion}
      </a>
      <h1 class="brand" title={say.tagline}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        <span>{say.product}</span>
      </h1>
      <KnowledgeBasePicker {...props} />
      <div class="header-buttons">
        <button
          type="button"
          class="button button-quiet"
          disabled={props.onRestart === null}
          onClick={() => props.onRestart?.()}
        >
          {say.newConversation}
        </button>
        <button
          type="button"
          id="conversations-button"
          class="button button-quiet"
          aria-expanded={props.conversationsOpen}
          disabled={props.scope === null}
          onClick={props.onConversations}
        >
          {say.conversations}
        </button>
        <button
          type="button"
          id="documents-button"
          class="button button-quiet"
          aria-expanded={props.documentsOpen}
          disabled={props.scope === null}
          onClick={props.onDocuments}
        >
          {say.documents}
        </button>
      </div>
      <LanguageSwitch language={props.language} onLanguage={props.onLanguage} />
    </header>
  )
}

function KnowledgeBasePicker({ knowledgeBases, scope, onChoose }: PageHeaderProps) {
  const say = useMessages()
  if (scope === null) return null
  return (
    <div class="picker">
      <label class="visually-hidden" for="knowledge-base">
        {say.knowledgeBase}
      </label>
      <select id="knowledge-base" value={scope.value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {knowledgeBases.length > 1 ? <option value={everything}>{say.everyKnowledgeBase}</option> : null}
        {knowledgeBases.map((knowledgeBase) => (
          <option key={knowledgeBase.id} value={knowledgeBase.slug}>
            {knowledgeBase.name}
          </option>
        ))}
      </select>
    </div>
  )
}

function LanguageSwitch({ language, onLanguage }: { language: Language; onLanguage: (language: Language) => void }) {
  const say = useMessages()
  return (
    <fieldset class="language-switch">
      <legend class="visually-hidden">{say.switchLanguage}</legend>
      {languages.map((it) => (
        <button
          key={it}
          type="button"
          lang={it === 'zh' ? 'zh-CN' : 'en'}
          aria-pressed={it === language}
          aria-label={messages[it].languageName}
          onClick={() => onLanguage(it)}
        >
          {it === 'zh' ? '中' : 'EN'}
        </button>
      ))}
    </fieldset>
  )
}
