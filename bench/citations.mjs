// How well the citation checker tells answers that their source supports from others, on hand-written pairs: `citations`
// was used while it was made, `citations-held-out` was written afterwards, and in `citations-several` a statement cites two
// sources or three. Flagging a wrong answer counts as a hit.
//
//   node bench/citations.mjs [--list]      with the pairs that it gets wrong
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bindCitations } from '../dist/generate/cite.js'
import { settleMarkers } from '../dist/generate/markers.js'
import { packageRoot } from './server.mjs'

const folder = join(packageRoot, 'tests', 'generate', 'cases')

function pairsOf(name) {
  const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

function isFlagged({ answer, source, title = '', headings = [], sources = [{ text: source, title, headings }] }) {
  const cited = sources.map(({ text, title: documentTitle, headings: headingPath = [] }) => ({
    chunk: {
      id: 'chk',
      documentId: 'doc',
      documentTitle,
      headingPath,
      tableHeader: null,
      text,
      span: { start: 0, end: text.length },
    },
  }))
  const drafts = bindCitations(settleMarkers(answer, { passageCount: cited.length }).text, cited)
  return drafts.length === 0 || drafts.some(({ supports }) => !supports)
}

function judge(pairs) {
  const started = performance.now()
  const judged = pairs.map((pair) => ({ ...pair, flagged: isFlagged(pair) }))
  const count = (right, flagged) => judged.filter((pair) => pair.right === right && pair.flagged === flagged).length
  return {
    judged,
    row: {
      pairs: pairs.length,
      'wrong, flagged': count(false, true),
      'wrong, missed': count(false, false),
      'right, flagged': count(true, true),
      precision: (count(false, true) / (count(false, true) + count(true, true))).toFixed(3),
      recall: (count(false, true) / (count(false, true) + count(false, false))).toFixed(3),
      'ms each': ((performance.now() - started) / pairs.length).toFixed(1),
    },
  }
}

/** What is changed in a wrong answer: a number, a unit, a negation, or it is the value of another thing. */
const commonKinds = new Set([
  ...['number', 'numeral', 'percent', 'permille', 'thousands', 'large number'],
  ...['unit', 'unit exchanged', 'negation'],
  ...['other model', 'other row', 'other column', 'other title', 'subject', 'product', 'part number'],
])

/** 50 right answers and 50 with one of the common changes, chosen by their place alone: those written afterwards first. */
function hundred() {
  const all = ['citations-held-out', 'citations'].flatMap(pairsOf)
  const wrong = all.filter(({ right, kind }) => !right && commonKinds.has(kind))
  return [...all.filter(({ right }) => right).slice(0, 50), ...wrong.slice(0, 50)]
}

const results = {
  ...Object.fromEntries(
    ['citations', 'citations-held-out', 'citations-several'].map((name) => [name, judge(pairsOf(name))]),
  ),
  'a hundred of both': judge(hundred()),
}
console.table(Object.fromEntries(Object.entries(results).map(([name, { row }]) => [name, row])))
if (process.argv.includes('--list')) {
  for (const { judged } of Object.values(results)) {
    for (const { id, kind, right, flagged, answer } of judged) {
      if (flagged === right) console.log(`${right ? 'right, flagged' : 'wrong, missed '}  ${id}  ${kind}: ${answer}`)
    }
  }
}
