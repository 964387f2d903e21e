import { isDeepStrictEqual } from 'node:util'
import type { AnswerabilityModel, OwnAnswerability } from './core/answer.js'
import type { Embedder } from './core/ports.js'
import type { JudgedQuestion, LearnedAnswerability } from './core/tuning.js'
import type { KnowledgeBase } from './core/types.js'
import { type EvidenceOutcome, isTooFew, learnAnswerability } from './eval/learn-answerability.js'
import { isAnswerable } from './eval/places.js'
import { answerability, builtInModel } from './generate/confidence.js'
import { evidenceVersion, gatherEvidence } from './generate/evidence.js'
import { rankExtracts } from './generate/rank-extracts.js'
import { type SearchParts, search } from './knowledge-base.js'

/** What gathers the evidence: what one embedding model finds near says nothing about the cosines of another. */
export function evidenceFingerprint({ fingerprint }: Pick<Embedder, 'fingerprint'>): string {
  return `${fingerprint} evidence:${evidenceVersion}`
}

/**
 * The model by which a question to several knowledge bases is refused: what all of them have learned, and the built-in
 * one (null) when they have not learned the same, or have with another embedding model.
 */
export function sharedAnswerability(
  knowledgeBases: readonly Pick<KnowledgeBase, 'answerability'>[],
  embedder: Pick<Embedder, 'fingerprint'>,
): AnswerabilityModel | null {
  const [first, ...others] = knowledgeBases.map((each) => each.answerability)
  if (!first || first.fingerprint !== evidenceFingerprint(embedder)) return null
  return others.every((other) => isDeepStrictEqual(first, other)) ? first : null
}

/** What a knowledge base keeps of what was learned. */
export function ownAnswerability(
  { model }: Pick<LearnedAnswerability, 'model'>,
  embedder: Pick<Embedder, 'fingerprint'>,
): OwnAnswerability | null {
  return model && { ...model, fingerprint: evidenceFingerprint(embedder) }
}

/**
 * Searches for each question as for an answer, gathers the evidence and learns from it when to refuse. A question for
 * which nothing at all is found is refused by any model, so it does not count.
 * @param parts with the knowledge base's own settings, and the reranking model when there is one
 * @throws InkstoneError as `search` does
 */
export async function* learnToRefuse(
  questions: readonly JudgedQuestion[],
  parts: SearchParts & { topK: number; current: OwnAnswerability | null },
): AsyncGenerator<{ stage: 'judging'; done: number; total: number }, LearnedAnswerability> {
  const answerable = questions.filter(isAnswerable).length
  const counts = { answerable, unanswerable: questions.length - answerable }
  const tooFew = (counted: typeof counts) =>
    ({ outcome: 'few_questions', model: withoutFingerprint(parts.current), ...counted }) as const
  if (isTooFew(counts)) return tooFew(counts)
  const outcomes: EvidenceOutcome[] = []
  for (const [index, question] of questions.entries()) {
    parts.signal?.throwIfAborted()
    const asked = { text: question.question, history: [...question.history], topK: parts.topK, filter: {} }
    const found = await search(asked, parts)
    if (found.hits.length > 0) {
      const extracts = await rankExtracts(found.searchedFor, found, parts)
      const { unknownWords: _, ...evidence } = await gatherEvidence(found.searchedFor, { ...found, extracts }, parts)
      outcomes.push({ id: question.id, answerable: isAnswerable(question), evidence })
    }
    yield { stage: 'judging', done: index + 1, total: questions.length }
  }
  const learned = learnAnswerability(outcomes, { usual: builtInModel, judge: answerability })
  return learned.outcome === 'few_questions' ? tooFew(learned) : learned
}

function withoutFingerprint(own: OwnAnswerability | null): AnswerabilityModel | null {
  if (own === null) return null
  const { fingerprint: _, ...model } = own
  return model
}
