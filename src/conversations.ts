import { conversationMarkdown } from './conversation-export.js'
import type { AnswerEvent, Question } from './core/answer.js'
import type { AnswerRecord } from './core/answer-record.js'
import { titleOf } from './core/conversation.js'
import { InkstoneError } from './core/errors.js'
import { newId } from './core/ids.js'
import type { AnswerRequest, InkstoneService, NewConversation } from './core/service.js'
import type { Home } from './home.js'

/** Turns that are shown with a conversation; an export holds all of them. */
const shownTurns = 200
const everyTurn = 1_000_000
/** Earlier turns that a question may lean on. */
const rememberedTurns = 20

/** The part of the service that keeps conversations. */
export function conversations({ catalogue }: Pick<Home, 'catalogue'>) {
  const read = async (id: string, limit: number) => {
    const [conversation, turns] = await Promise.all([catalogue.getConversation(id), catalogue.listTurns(id, { limit })])
    return { ...conversation, turns }
  }
  return {
    async createConversation({ title = '', knowledgeBaseIds }: NewConversation = {}) {
      const ids = await idsOf(knowledgeBaseIds, catalogue)
      return catalogue.createConversation({ title: oneLine(title), knowledgeBaseIds: ids })
    },
    listConversations: ({ limit = 50, ...options }: { limit?: number; cursor?: string } = {}) =>
      catalogue.listConversations({ limit, ...options }),
    getConversation: (id: string) => read(id, shownTurns),
    async renameConversation(id: string, { title }: { title: string }) {
      const name = oneLine(title)
      if (name === '') throw new InkstoneError('invalid_request', 'the title is empty')
      return catalogue.renameConversation(id, name)
    },
    deleteConversation: (id: string) => catalogue.deleteConversation(id),
    async exportConversation(id: string, format: 'md' | 'json') {
      const whole = await read(id, everyTurn)
      return format === 'md' ? conversationMarkdown(whole) : `${JSON.stringify(whole, null, 2)}\n`
    },
  } satisfies Partial<InkstoneService>
}

/** The conversation that a question belongs to, and what was said in it before. */
export interface Belonging {
  /** Null: it is asked by itself. */
  conversationId: string | null
  said: Pick<Question, 'history' | 'replies'>
  /** What the question is asked of: what it says itself, else what its conversation says; undefined: everything. */
  knowledgeBaseIds: readonly string[] | undefined
  /** To be called once there is something to keep: makes the conversation, or names it. */
  begin(): Promise<void>
}

/**
 * Finds the conversation of a question, or prepares one for `new`, which is named after its first question. Where no
 * answers are kept there are no conversations: nothing could be held in them.
 * @throws InkstoneError `conversation_not_found`, `knowledge_base_not_found`, `invalid_request`
 */
export async function belongingOf(request: AnswerRequest, { catalogue, config }: Home): Promise<Belonging> {
  const { conversationId, history, keep = true, knowledgeBaseIds } = request
  const alone = { conversationId: null, said: { history: [...(history ?? [])] }, knowledgeBaseIds, begin: nothing }
  if (conversationId === undefined) return alone
  refuseContradictions({ history, keep })
  const title = titleOf(request.question)
  if (conversationId === 'new') {
    if (config.answersKept === 0) return alone
    const id = newId('cnv')
    const ids = await idsOf(knowledgeBaseIds, catalogue)
    const begin = async () => void (await catalogue.createConversation({ id, title, knowledgeBaseIds: ids }))
    return { conversationId: id, said: { history: [] }, knowledgeBaseIds, begin }
  }
  const found = await catalogue.getConversation(conversationId)
  const turns = await catalogue.listTurns(conversationId, { limit: rememberedTurns })
  const begin = async () => void (await catalogue.renameConversation(conversationId, title))
  return {
    conversationId,
    said: saidIn(turns),
    knowledgeBaseIds: knowledgeBaseIds ?? found.knowledgeBaseIds ?? undefined,
    begin: found.title === '' ? begin : nothing,
  }
}

const nothing = async () => undefined

/** Null for all. @throws InkstoneError `knowledge_base_not_found` */
async function idsOf(
  knowledgeBases: readonly string[] | undefined,
  catalogue: Pick<Home['catalogue'], 'getKnowledgeBase'>,
): Promise<string[] | null> {
  if (knowledgeBases === undefined) return null
  const found = await Promise.all(knowledgeBases.map((idOrSlug) => catalogue.getKnowledgeBase(idOrSlug)))
  return [...new Set(found.map(({ id }) => id))]
}

function oneLine(title: string): string {
  return title.replace(/\s+/g, ' ').trim()
}

function refuseContradictions({ history, keep }: { history: AnswerRequest['history']; keep: boolean }): void {
  if (history !== undefined) {
    throw new InkstoneError('invalid_request', 'a question of a conversation has its history from there', {
      remedy: 'leave out either "history" or "conversationId"',
    })
  }
  if (keep) return
  throw new InkstoneError('invalid_request', 'an answer of a conversation is kept in it', {
    remedy: 'leave out "conversationId", or "keep": false',
  })
}

/** Questions that got through, with what was answered; a refusal says nothing that a later question could mean. */
function saidIn(turns: readonly AnswerRecord[]): Belonging['said'] {
  const told = turns.filter(({ status }) => status !== 'failed')
  return {
    history: told.map(({ question }) => question),
    replies: told.map(({ answer }) => (answer.status === 'abstained' || answer.text === '' ? null : answer.text)),
  }
}

/** The events of an answer, with its conversation named in the first and the last. It begins with the first. */
export async function* inConversation(
  events: AsyncIterable<AnswerEvent>,
  { conversationId, begin }: Belonging,
): AsyncGenerator<AnswerEvent> {
  const named = conversationId === null ? {} : { conversationId }
  for await (const event of events) {
    if (event.type === 'answer.started') {
      await begin()
      yield { ...event, ...named }
    } else if (event.type === 'done') yield { ...event, answer: { ...event.answer, ...named } }
    else yield event
  }
}
