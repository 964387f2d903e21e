import type { Answered, Citation } from '../core/answer.js'
import type { AnswerRecord } from '../core/answer-record.js'
import { languageOf } from '../core/language.js'
import type { JudgedPlace } from '../core/tuning.js'
import type { Hit } from '../core/types.js'
import type { GoldenQuestion } from './golden.js'

/** An answer that readers have rated, with the questions before it. */
export interface RatedAnswer {
  record: AnswerRecord
  history: readonly string[]
  /** What a search for the question finds today; of a disliked answer with a corrected one. */
  hitsNow?: readonly Hit[]
}

/** Gives the file name that a document goes by in a golden set; null when the document is gone. */
export type FileNameOf = (documentId: string) => string | null

/**
 * Golden questions that what readers said suggests, for people to look through. Of a question that was rated more than
 * once the last rating counts. What is expected is what is known:
 *
 * - liked: the verified citations, and the text without its markers; a refusal that was liked has nothing to be found;
 * - disliked: the corrected answer, and the passage that holds it where a search finds one today or did then; else the question alone.
 */
export function candidateQuestions(rated: readonly RatedAnswer[], fileNameOf: FileNameOf): GoldenQuestion[] {
  return latestByQuestion(rated).map(({ record, history, hitsNow = [] }) => {
    const { id, question, answer, feedback } = record
    const isLiked = feedback?.rating === 'up'
    const expected = isLiked
      ? citedPlaces(answer, fileNameOf)
      : correctedPlaces(record, [...hitsNow, ...record.answer.hits], fileNameOf)
    const isRightRefusal = isLiked && answer.status === 'abstained' && !feedback.correctedAnswer
    return {
      id,
      kind: isRightRefusal ? 'unanswerable' : kindOf(expected, history),
      language: languageOf(question),
      question,
      history: [...history],
      expected,
      alternatives: [],
      answer: feedback?.correctedAnswer ?? (isLiked && answer.status === 'answered' ? plainText(answer) : null),
    }
  })
}

/** A question whose answer a reader liked, with the text that it rests on. */
export interface Triple {
  question: string
  answer: string
  sources: { document: string; title: string; page: number | null; quote: string; passage: string }[]
}

/** The answers that can be learned from: liked, whole, as the model wrote them, and every citation verified. */
export function answerTriples(rated: readonly RatedAnswer[], fileNameOf: FileNameOf): Triple[] {
  return latestByQuestion(rated).flatMap(({ record: { question, answer, feedback } }) => {
    if (feedback?.rating !== 'up' || answer.status !== 'answered' || !isSound(answer)) return []
    const sources = answer.citations.map(({ documentId, documentTitle: title, page, quote, chunkId }) => ({
      document: fileNameOf(documentId) ?? title,
      title,
      page,
      quote,
      passage: answer.hits.find(({ chunk }) => chunk.id === chunkId)?.chunk.text ?? quote,
    }))
    return [{ question, answer: plainText(answer), sources: unique(sources) }]
  })
}

function isSound({ citations, finishReason, problem }: Answered): boolean {
  return (
    finishReason === 'complete' &&
    problem === null &&
    citations.length > 0 &&
    citations.every(({ verified }) => verified)
  )
}

/** In the order of the first rating of each question. */
function latestByQuestion(rated: readonly RatedAnswer[]): RatedAnswer[] {
  const latest = new Map<string, RatedAnswer>()
  for (const each of rated.toSorted((a, b) => ratedAt(a).localeCompare(ratedAt(b)))) {
    if (each.record.feedback !== null) latest.set(questionKey(each), each)
  }
  return [...latest.values()]
}

function ratedAt({ record }: RatedAnswer): string {
  return record.feedback?.at ?? ''
}

/** The same for questions that differ in nothing but widths, letter case, white space and the mark at their end. */
export function questionKey({ record, history }: RatedAnswer): string {
  const plain = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/\s+/g, ' ')
      .replace(/[\s?？!！.。…]+$/u, '')
      .trim()
  return JSON.stringify([...history, record.question].map(plain))
}

function kindOf(expected: readonly JudgedPlace[], history: readonly string[]): GoldenQuestion['kind'] {
  if (history.length > 0) return 'follow_up'
  return new Set(expected.map(({ document }) => document)).size > 1 ? 'multi' : 'single'
}

function citedPlaces(answer: AnswerRecord['answer'], fileNameOf: FileNameOf): JudgedPlace[] {
  if (answer.status !== 'answered') return []
  const placeOf = ({ documentId, page, quote }: Citation): JudgedPlace[] => {
    const document = fileNameOf(documentId)
    return document === null ? [] : [{ document, page, quote }]
  }
  return unique(answer.citations.filter(({ verified }) => verified).flatMap(placeOf))
}

/** The first passage that holds the corrected answer as it stands, white space aside. */
function correctedPlaces({ feedback }: AnswerRecord, hits: readonly Hit[], fileNameOf: FileNameOf): JudgedPlace[] {
  const wanted = solid(feedback?.correctedAnswer ?? '')
  if (wanted === '') return []
  const places = hits.flatMap(({ chunk: { documentId, page, text } }) => {
    const document = fileNameOf(documentId)
    return document !== null && solid(text).includes(wanted)
      ? [{ document, page, quote: feedback?.correctedAnswer?.trim() ?? '' }]
      : []
  })
  return places.slice(0, 1)
}

function plainText({ text }: Answered): string {
  return text.replace(/[^\S\n]*\[\d+\]/g, '').trim()
}

function solid(text: string): string {
  return text.replace(/\s+/g, '')
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
