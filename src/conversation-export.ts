import type { Citation } from './core/answer.js'
import type { AnswerRecord } from './core/answer-record.js'
import type { ConversationWithTurns } from './core/conversation.js'
import { type Language, languageOf } from './core/language.js'

const labels = {
  zh: {
    untitled: '未命名的对话',
    asked: '提问时间',
    searchedFor: '检索内容',
    sources: '来源',
    page: (page: number) => `第 ${page} 页`,
    unverified: '未核对',
    stopped: '（回答中途停止。）',
    failed: '（回答因出错中断。）',
  },
  en: {
    untitled: 'Untitled conversation',
    asked: 'Asked',
    searchedFor: 'Searched for',
    sources: 'Sources',
    page: (page: number) => `page ${page}`,
    unverified: 'not verified',
    stopped: '(The answer was stopped.)',
    failed: '(The answer broke off by an error.)',
  },
} satisfies Record<Language, object>

type Labels = (typeof labels)[Language]

/**
 * A conversation as Markdown: each question with its answer and its numbered sources, each with document, page and quote.
 * Raw HTML and pictures are written as text, so that opening the file loads and runs nothing.
 */
export function conversationMarkdown({ title, turns }: ConversationWithTurns): string {
  const say = labels[languageOf(turns[0]?.question ?? title)]
  const parts = [`# ${oneLine(title) || say.untitled}`, ...turns.flatMap((turn) => turnParts(turn, say))]
  return `${parts.join('\n\n')}\n`
}

function turnParts({ question, askedAt, position, answer }: AnswerRecord, say: Labels): string[] {
  const at = `${askedAt.slice(0, 16).replace('T', ' ')} UTC`
  const searched = answer.searchedFor === question ? '' : ` · ${say.searchedFor}: ${oneLine(answer.searchedFor)}`
  return [`## ${position ?? 1}. ${oneLine(question)}`, `*${say.asked}: ${at}${searched}*`, ...answerParts(answer, say)]
}

function answerParts(answer: AnswerRecord['answer'], say: Labels): string[] {
  if (answer.status === 'abstained') return [inert(answer.message)]
  if (answer.status === 'answered') {
    const notice = answer.notice === null ? [] : [`> ${oneLine(answer.notice)}`]
    return [inert(answer.text), ...notice, ...sourceParts(answer.citations, say)]
  }
  return [...(answer.text === '' ? [] : [inert(answer.text)]), say[answer.status]]
}

function sourceParts(citations: readonly Citation[], say: Labels): string[] {
  if (citations.length === 0) return []
  const sorted = citations.toSorted((a, b) => a.marker - b.marker)
  return [`### ${say.sources}`, ...sorted.map((citation) => sourcePart(citation, say))]
}

function sourcePart({ marker, documentTitle, page, headingPath, quote, verified }: Citation, say: Labels): string {
  const place = [
    documentTitle,
    ...(page === null ? [] : [say.page(page)]),
    ...(headingPath.length === 0 ? [] : [headingPath.join(' › ')]),
    ...(verified ? [] : [`**${say.unverified}**`]),
  ]
  const quoted = inert(quote)
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
  return [`[${marker}] ${place.map(oneLine).join(', ')}`, '', ...quoted].join('\n')
}

function oneLine(text: string): string {
  return inert(text).replace(/\s+/g, ' ').trim()
}

/** Tags cannot begin and pictures are links: what a model or a document wrote is shown, not run or fetched. */
function inert(text: string): string {
  return text.replaceAll('<', '&lt;').replace(/!(?=\[)/g, '\\!')
}
