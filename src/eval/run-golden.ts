import type { Answer, Citation } from '../core/answer.js'
import { InkstoneError } from '../core/errors.js'
import type { InkstoneService } from '../core/service.js'
import { fileNamesById, requireExpected } from './expected-documents.js'
import type { GoldenQuestion } from './golden.js'
import type { Outcome } from './golden-report.js'
import { foundPlaces } from './places.js'

/**
 * Asks every golden question as a user would and yields how each went.
 * @throws InkstoneError `not_found` when a document that the set expects is not in the knowledge base
 */
export async function* runGolden(
  service: InkstoneService,
  questions: readonly GoldenQuestion[],
  { knowledgeBase, signal }: { knowledgeBase: string; signal?: AbortSignal },
): AsyncIterable<Outcome> {
  const fileNames = fileNamesById(await service.listSources(knowledgeBase))
  requireExpected(questions, { fileNames, knowledgeBase })
  for (const question of questions) {
    const started = performance.now()
    const answer = await ask(service, question, { knowledgeBase, ...(signal ? { signal } : {}) })
    const fileNameOf = (id: string) => fileNames.get(id) ?? id
    yield {
      question,
      found: foundPlaces(answer.hits, fileNameOf),
      nearest: nearestOf(answer),
      refused: answer.status === 'abstained',
      text: answer.status === 'answered' ? answer.text : null,
      citations: answer.status === 'answered' ? answer.citations.map((citation) => cited(citation, fileNameOf)) : [],
      latencyMs: performance.now() - started,
    }
  }
}

function cited({ documentId, page, quote, verified }: Citation, fileNameOf: (id: string) => string) {
  return { document: fileNameOf(documentId), page, text: quote, verified }
}

/** Fused scores are normalised for each question: only the cosine says how near the best passage really is. */
function nearestOf({ hits }: Answer): number | null {
  const cosines = hits.flatMap(({ signals }) => signals.dense ?? [])
  return cosines.length === 0 ? null : Math.max(...cosines)
}

async function ask(
  service: InkstoneService,
  { question, history }: GoldenQuestion,
  { knowledgeBase, signal }: { knowledgeBase: string; signal?: AbortSignal },
): Promise<Answer> {
  const request = { question, history, knowledgeBaseIds: [knowledgeBase], keep: false }
  for await (const event of service.answer(request, signal ? { signal } : {})) {
    if (event.type === 'done') return event.answer
  }
  throw new InkstoneError('internal', 'an answer ended without its last event')
}
