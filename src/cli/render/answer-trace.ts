import type { AnswerTrace, TracedPrompt, TracedSearch } from '../../core/answer-record.js'
import type { Terminal } from '../terminal.js'
import { signalsText } from './passage.js'
import { countText } from './quantity.js'
import { alignColumns } from './table.js'

/** Characters of a hash that tell it from another. */
export const hashShown = 12

/** How an answer came about, stage by stage. */
export function traceLines(trace: AnswerTrace, paint: Terminal['paint']): string[] {
  const titles = new Map(trace.documents.map(({ documentId, title }) => [documentId, title]))
  const heading = (text: string) => ['', paint('bold', text)]
  const documents = trace.documents.map(({ documentId, title, revision, contentHash }) => [
    `  ${title}`,
    `revision ${revision}`,
    contentHash.slice(0, hashShown),
    documentId,
  ])
  return [
    ...heading('Asked with'),
    ...alignColumns(settingRows(trace)),
    ...trace.searches.flatMap((search) => [...heading('Search'), ...searchLines(search, titles)]),
    ...trace.prompts.flatMap((prompt) => [...heading('Prompt'), ...promptLines(prompt, paint)]),
    ...heading('Documents'),
    ...alignColumns(documents),
    ...(trace.notices.length === 0 ? [] : heading('Notices')),
    ...trace.notices.map(({ code, message }) => `  ${code}: ${message}`),
    ...(trace.problem === null ? [] : [...heading('Problem'), `  ${trace.problem.code}: ${trace.problem.message}`]),
    ...heading('Times'),
    ...alignColumns(
      Object.entries(trace.timings).map(([stage, ms]) => [`  ${stage}`, ms.toFixed(1)]),
      { right: [1] },
    ),
  ]
}

function settingRows({ version, asked }: AnswerTrace): string[][] {
  const { knowledgeBaseIds, history, topK, maxPerDocument, filter, model, rerankModelId, embeddingFingerprint } = asked
  const quotes = 'none: quotes'
  return [
    ['  version', version],
    ['  knowledge bases', knowledgeBaseIds.join(', ')],
    ...(history.length === 0 ? [] : [['  earlier questions', history.join(' / ')]]),
    ['  passages', maxPerDocument === null ? String(topK) : `${topK}, at most ${maxPerDocument} of a document`],
    ['  filter', JSON.stringify(filter)],
    ['  model', model?.modelId ?? quotes],
    ...(model === null
      ? []
      : [
          ['  temperature', String(model.temperature)],
          ['  tokens', `${model.maxTokens} of ${model.contextTokens}`],
        ]),
    ['  reranking model', rerankModelId ?? 'none'],
    ['  index', embeddingFingerprint],
  ]
}

function searchLines(
  { searchedFor, considered, candidates }: TracedSearch,
  titles: ReadonlyMap<string, string>,
): string[] {
  const rows = candidates.map(({ rank, signals, documentId, page, index }) => [
    `  ${rank}.`,
    signalsText(signals),
    `${titles.get(documentId) ?? documentId}${page === null ? '' : `, p. ${page}`}, chunk ${index}`,
  ])
  const shown = considered > candidates.length ? `, the best ${candidates.length} shown` : ''
  return [`  ${searchedFor}`, `  ${countText(considered, 'candidate')}${shown}`, ...alignColumns(rows, { right: [0] })]
}

function promptLines(
  { messages, sha256, usage, firstTokenMs, totalMs }: TracedPrompt,
  paint: Terminal['paint'],
): string[] {
  const first = firstTokenMs === null ? 'no word came' : `first word after ${firstTokenMs.toFixed(0)} ms`
  return [
    `  SHA-256 ${sha256}`,
    `  ${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${first}, ${totalMs.toFixed(0)} ms in all`,
    ...messages.flatMap(({ role, content }) => [
      paint('dim', `  ${role}:`),
      ...content.split('\n').map((line) => `  | ${line}`),
    ]),
  ]
}
