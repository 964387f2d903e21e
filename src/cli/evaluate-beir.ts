import { join, resolve } from 'node:path'
import type { Config } from '../config/settings.js'
import { openBeir } from '../eval/beir.js'
import { summariseBeir } from '../eval/beir-report.js'
import { beirHash, beirRun } from '../eval/evaluation.js'
import { indexCorpus } from '../eval/index-corpus.js'
import type { MeasuredQuestion } from '../eval/measured.js'
import { runBeir } from '../eval/run-beir.js'
import { type Half, selectQuestions } from '../eval/select-questions.js'
import type { CliContext } from './context.js'
import type { Evaluated, EvaluationIdentity } from './finish-evaluation.js'
import type { StepDisplay } from './render/evaluation-progress.js'

export interface BeirOptions {
  folder: string
  /** Where vectors are kept; in the home when left out. */
  cache?: string | undefined
  half?: Half | undefined
  limit?: number | undefined
  display: StepDisplay
  /** Called before anything that takes long, with what is going to be measured. */
  onQuestions(identity: EvaluationIdentity): void
}

/**
 * Runs a retrieval set through the product's own parts: chunker, embedding model, table and search.
 * @throws InkstoneError of the set, the model and the store; `cancelled`
 */
export async function evaluateBeir(context: CliContext, config: Config, options: BeirOptions): Promise<Evaluated> {
  const { terminal, signal, cwd, version } = context
  const { display, cache, half, limit, onQuestions } = options
  const startedAt = new Date().toISOString()
  display.show({ step: 'reading', done: 0, total: 1 })
  const set = await openBeir(resolve(cwd, options.folder))
  const queries = selectQuestions(set.queries, { half, limit })
  onQuestions({ kind: 'beir', set: set.name, questionsHash: beirHash(queries) })
  // Loads the database and the model runtime: what is wrong with the set is said without.
  const { openEvaluation } = await import('./open-evaluation.js')
  const folder = cache === undefined ? join(config.home, 'eval-cache') : resolve(cwd, cache)
  const evaluation = await openEvaluation(config, { folder, signal, onWarning: once(terminal.note) })
  try {
    const onProgress = ({ stage, passages }: { stage: string; passages: number }) =>
      display.show({ step: stage, done: passages, total: set.passages - set.twins })
    const corpus = await indexCorpus(set.readPassages(), { ...evaluation, signal, onProgress })
    const { sizeBytes: indexBytes } = await evaluation.store.stats()
    const measured: MeasuredQuestion[] = []
    for await (const each of runBeir(queries, { ...evaluation, signal })) {
      measured.push(each)
      display.show({ step: 'searching', done: measured.length, total: queries.length })
    }
    const embeddingModelId = evaluation.embedder.modelId
    const about = { set: set.name, passages: set.passages, twins: set.twins, embeddingModelId, indexBytes, ...corpus }
    const report = summariseBeir(measured, about)
    const run = beirRun(queries, { measured, report }, { set: set.name, startedAt, version, embeddingModelId })
    return { run, summary: { kind: 'beir', report } }
  } finally {
    await evaluation.close()
  }
}

/** The same warning for each of a thousand queries says no more than the first. */
function once(note: (sentence: string) => void): (sentence: string) => void {
  const noted = new Set<string>()
  return (sentence) => {
    if (!noted.has(sentence)) note(sentence)
    noted.add(sentence)
  }
}
