import { z } from 'zod'
import type { Question } from '../../core/answer.js'
import { languageOf } from '../../core/language.js'
import { fence } from '../fence.js'
import { fencedHistory } from '../history.js'
import type { JsonRequest } from './json-reply.js'
import { longestSubQuestion } from './sub-questions.js'

/** Most sub-questions of a plan; further ones are left out. */
export const mostPlanned = 5

const instructions = {
  zh: `你为企业知识库的检索制定计划。把问题分解为 1 到 ${mostPlanned} 个子问题，合起来足以回答原问题；简单的问题只需一个。
每个子问题都要能单独检索、单独读懂：写全名称和型号，不用代词。要先知道别的答案才能问的，现在不问，之后还可以追问。
只输出 JSON：{"subQuestions": ["…", "…"]}`,
  en: `You plan searches in a company's knowledge base. Split the question into 1 to ${mostPlanned} sub-questions that together suffice to answer it; a simple question needs only one.
Each sub-question must be understandable and searchable by itself: full names and type codes, no pronouns. Leave out what can only be asked once something else is known: you may ask it later.
Write only JSON: {"subQuestions": ["…", "…"]}`,
}

const repair = {
  zh: '上次的输出无法使用，请只输出 JSON：{"subQuestions": ["…"]}',
  en: 'Your last reply could not be used. Write only JSON: {"subQuestions": ["…"]}',
}

export const subQuestionSchema = z.string().trim().min(1).max(longestSubQuestion)
const planSchema = z.object({ subQuestions: z.array(subQuestionSchema).min(1) })

/** Room for the earlier questions. */
const historyTokens = 600

/** Asks which sub-questions lead to an answer. The model sees the question and the ones before it, and no document. */
export function planRequest({ text, history }: Question): JsonRequest<z.infer<typeof planSchema>> {
  const language = languageOf(text)
  const earlier = fencedHistory({ history }, { budgetTokens: historyTokens })
  return {
    messages: [
      { role: 'system', content: instructions[language] },
      { role: 'user', content: [earlier, fence('question', {}, text)].filter(Boolean).join('\n') },
    ],
    schema: planSchema,
    repair: repair[language],
  }
}
