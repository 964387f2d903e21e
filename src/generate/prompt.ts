import { glossaryReader } from '../core/glossary.js'
import { type Language, languageOf } from '../core/language.js'
import type { ChatMessage, Passage } from '../core/ports.js'
import type { GlossaryEntry, Hit, KnowledgeBase, WideHit } from '../core/types.js'
import { fence, inert } from './fence.js'
import { fencedHistory } from './history.js'
import { builtInTemplates, noAnswerSign, renderTemplate, type Templates } from './templates.js'

/** What the owner of a knowledge base tells the model: an instruction, unlike what stands in passages. */
export type Guidance = Pick<KnowledgeBase, 'id' | 'preamble' | 'glossary'>

export interface PromptOptions {
  /** The user's earlier questions, oldest first, and what was answered to each. */
  history: readonly string[]
  replies?: readonly (string | null)[]
  /** Room for the whole prompt, by `estimateTokens`. */
  budgetTokens: number
  templates?: Templates
  /** Of the knowledge bases that were searched; those of which no passage was found have no say. */
  guidance?: readonly Guidance[]
}

/** Share of the room that a glossary may take: passages hold the answer, words only help to read it. */
const glossaryShare = 0.2
/** And what was said before in the conversation. */
const historyShare = 0.2

/**
 * The conversation handed to the model: instructions in the language of the question, with what the owners of the
 * knowledge bases say and the words of their glossaries that occur; then the passages, fenced and numbered as data; then
 * the question. Passages are kept whole; those that do not fit the budget are left out, last ones first.
 * @returns the messages and the hits that became passages: marker `n` is `cited[n - 1]`
 */
export function buildPrompt<Read extends Hit & Partial<WideHit>>(
  question: string,
  hits: readonly Read[],
  { history, replies = [], budgetTokens, templates = builtInTemplates, guidance = [] }: PromptOptions,
): { messages: ChatMessage[]; cited: Read[] } {
  const language = languageOf(question)
  const template = templates[`answer.${language}`]
  const speaking = guidance.filter(({ id }) => hits.some(({ chunk }) => chunk.knowledgeBaseId === id))
  const preamble = preambleText(speaking, language)
  const words = wordsOf(speaking, { language, roomTokens: budgetTokens * glossaryShare })
  const system = () => renderTemplate(template, { noAnswer: noAnswerSign, preamble, glossary: words.text() })
  const earlier = fencedHistory({ history, replies }, { budgetTokens: budgetTokens * historyShare })
  const ask = [earlier, fence('question', {}, question)].filter(Boolean).join('\n')
  words.occurIn(question)
  let taken = estimateTokens(ask)
  const cited: Read[] = []
  const fenced: string[] = []
  for (const hit of hits) {
    const text = passageText(toPassage(hit, cited.length + 1))
    const cost = estimateTokens(text)
    const withdraw = words.occurIn(text)
    if (taken + cost + estimateTokens(system()) > budgetTokens) {
      withdraw()
      break
    }
    taken += cost
    cited.push(hit)
    fenced.push(text)
  }
  return {
    messages: [
      { role: 'system', content: system() },
      { role: 'user', content: `${fenced.join('\n')}\n${ask}` },
    ],
    cited,
  }
}

const headings = {
  zh: { preamble: '关于这些资料，所有者说明：', glossary: '术语：' },
  en: { preamble: 'What the owner says about these documents:', glossary: 'Terms of this domain:' },
}

function preambleText(guidance: readonly Guidance[], language: Language): string {
  const said = guidance.flatMap(({ preamble }) => (preamble === null ? [] : [inert(preamble)]))
  return said.length === 0 ? '' : [headings[language].preamble, ...said].join('\n')
}

/** Gathers the entries that occur, within their room: the question's first. */
function wordsOf(guidance: readonly Guidance[], { language, roomTokens }: { language: Language; roomTokens: number }) {
  const read = glossaryReader(guidance.flatMap(({ glossary }) => glossary))
  const lines = new Map<GlossaryEntry, string>()
  let leftTokens = roomTokens
  return {
    text: () => (lines.size === 0 ? '' : [headings[language].glossary, ...lines.values()].join('\n')),
    /** Takes in what a text names. The function that comes back takes that out again. */
    occurIn(text: string): () => void {
      const before = leftTokens
      const added: GlossaryEntry[] = []
      for (const entry of read(text)) {
        const line = entryLine(entry, language)
        const cost = estimateTokens(line)
        if (lines.has(entry) || cost > leftTokens) continue
        lines.set(entry, line)
        leftTokens -= cost
        added.push(entry)
      }
      return () => {
        for (const entry of added) lines.delete(entry)
        leftTokens = before
      }
    },
  }
}

function entryLine({ term, meaning, synonyms }: GlossaryEntry, language: Language): string {
  const [open, also, comma, close, colon] =
    language === 'zh' ? ['（', '又称', '、', '）', '：'] : [' (', 'also ', ', ', ')', ': ']
  const others = synonyms.length === 0 ? '' : `${open}${also}${synonyms.join(comma)}${close}`
  const said = meaning === '' ? '' : `${colon}${meaning}`
  return `- ${inert(`${term}${others}${said}`).replace(/\s+/g, ' ')}`
}

export function toPassage({ chunk, date }: Hit & Partial<WideHit>, number: number): Passage {
  const text = chunk.tableHeader === null ? chunk.text : `${chunk.tableHeader}\n${chunk.text}`
  const { documentTitle: title, page, headingPath } = chunk
  return { number, title, page, date: date ?? null, headingPath, text }
}

/** A passage between tags, as data. */
export function passageText({ number, title, page, date, headingPath, text }: Passage): string {
  const attributes: Record<string, string> = { number: String(number), title }
  if (page !== null) attributes.page = String(page)
  if (date !== null) attributes.date = date
  if (headingPath.length > 0) attributes.section = headingPath.join(' > ')
  return fence('passage', attributes, text)
}

/**
 * An upper estimate of a text's tokens for a model whose tokenizer is not known: one for each character that is not
 * ASCII, one for every three ASCII characters.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  return wide + Math.ceil((text.length - wide) / 3)
}
