import type {
  AnswerChanges,
  AnswerReplay,
  CitationChange,
  CitedPlace,
  DocumentChange,
  HitChange,
  TextChange,
} from '../../core/answer-replay.js'
import type { Terminal } from '../terminal.js'
import { momentText } from './answer-record.js'
import { hashShown } from './answer-trace.js'
import { placeOf, signalsText, snippet } from './passage.js'
import { alignColumns } from './table.js'

type Paint = Terminal['paint']

/** What became of an answer, for people: first whether it is another, then why. */
export function replayLines({ before, changes }: AnswerReplay, paint: Paint): string[] {
  const heading = (text: string) => ['', paint('bold', text)]
  const verdict = changes.sameAnswer
    ? paint('green', 'the answer is the same')
    : paint('yellow', 'the answer has changed')
  return [
    paint('bold', before.question),
    `${verdict} ${paint('dim', `since ${momentText(before.askedAt)} UTC`)}`,
    ...heading('Text'),
    ...statusLines(changes),
    ...textLines(changes.text, paint),
    ...section(
      heading('Citations'),
      changes.citations.flatMap((change) => citationLines(change, paint)),
    ),
    ...section(
      heading('Passages'),
      changes.hits.flatMap((change) => hitLines(change, paint)),
    ),
    ...section(heading('Documents'), alignColumns(changes.documents.map(documentRow))),
    ...section(
      heading('Settings'),
      changes.settings.map(({ name, before: was, after: is }) => `  ${name}: ${was} → ${is}`),
    ),
    ...section(heading('Prompt'), promptLines(changes.prompt)),
    ...section(heading('Times'), alignColumns(changes.timings.map(timeRow), { right: [1, 3] })),
  ]
}

function section(heading: string[], lines: string[]): string[] {
  return lines.length === 0 ? [] : [...heading, ...lines]
}

function statusLines({ status }: AnswerChanges): string[] {
  return status.before === status.after ? [] : [`  ${status.before} → ${status.after}`]
}

/** What is gone in `[-…-]`, what is new in `{+…+}`, as in a word diff: it reads without colours, too. */
function textLines(text: readonly TextChange[], paint: Paint): string[] {
  const marked = text.map((change) => {
    if (change.kind === 'gone') return paint('red', `[-${change.text}-]`)
    return change.kind === 'new' ? paint('green', `{+${change.text}+}`) : change.text
  })
  return marked
    .join('')
    .split('\n')
    .map((line) => `  ${line}`)
}

function citationLines({ kind, before, after }: CitationChange, paint: Paint): string[] {
  const line = (sign: string, cited: CitedPlace) => {
    const { marker, documentTitle: title, page, headingPath, quote, verified } = cited
    const place = `[${marker}] ${placeOf({ title, page, headingPath })}  ${verified ? 'verified' : 'not verified'}`
    return [`    ${sign} ${place}`, `      “${snippet(quote)}”`]
  }
  const sides = [
    ...(before === null || kind === 'same' ? [] : line('-', before)),
    ...(after === null ? [] : line(kind === 'same' ? ' ' : '+', after)),
  ]
  return [`  ${kindText(kind, paint)}`, ...sides]
}

function hitLines({ kind, textChanged, before, after }: HitChange, paint: Paint): string[] {
  const shown = after ?? before
  if (shown === null) return []
  const ranks = [before?.rank ?? '–', after?.rank ?? '–']
  const place = placeOf({ title: shown.documentTitle, page: shown.page, headingPath: [] })
  const what = `${kindText(kind, paint)}${textChanged ? ', its text has changed' : ''}`
  const signals = [before, after].flatMap((side) => (side === null ? [] : [signalsText(side.signals)]))
  const [was = '', is = was] = signals
  return [
    `  ${ranks.join(' → ')}  ${place}  ${what}`,
    `    ${paint('dim', was === is ? was : `${was}  →  ${is}`)}`,
    `    ${snippet(shown.snippet)}`,
  ]
}

function documentRow({ kind, title, before, after }: DocumentChange): string[] {
  const state = (side: DocumentChange['before']) =>
    side === null ? '–' : `revision ${side.revision} (${side.contentHash.slice(0, hashShown)})`
  const what = kind === 'unused' ? 'as it was, not found this time' : kind
  const states = kind === 'changed' ? `${state(before)} → ${state(after)}` : state(after ?? before)
  return [`  ${title}`, what, states]
}

function promptLines({ kind, before, after }: AnswerChanges['prompt']): string[] {
  if (kind === 'none') return []
  const short = (hashes: readonly string[]) => hashes.map((hash) => hash.slice(0, hashShown)).join(', ') || 'none'
  const what = {
    same: 'the same',
    passages: 'passages or question are others',
    instructions: 'the instructions are others',
  }[kind]
  return [`  ${what}: ${kind === 'same' ? short(after) : `${short(before)} → ${short(after)}`}`]
}

function timeRow({ stage, beforeMs, afterMs }: AnswerChanges['timings'][number]): string[] {
  const text = (ms: number | null) => (ms === null ? '–' : ms.toFixed(1))
  return [`  ${stage}`, text(beforeMs), '→', text(afterMs)]
}

function kindText(kind: CitationChange['kind'] | HitChange['kind'], paint: Paint): string {
  if (kind === 'same') return paint('dim', kind)
  return paint(
    kind === 'new' || kind === 'entered' ? 'green' : kind === 'gone' || kind === 'left' ? 'red' : 'yellow',
    kind,
  )
}
