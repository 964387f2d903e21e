// How well the evidence tells answerable questions from others on the golden set of the sample documents: fits the
// weights of generate/confidence.ts and of generate/rank-extracts.ts and checks both on folds that were not used.
//
//   node bench/refusals.mjs [--home FOLDER]      a home whose knowledge base "default" holds the sample, else one is made
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../dist/config/load.js'
import { contains } from '../dist/eval/answer-text.js'
import { readGolden } from '../dist/eval/golden.js'
import { fitModel, learnAnswerability } from '../dist/eval/learn-answerability.js'
import { answerability, builtInModel } from '../dist/generate/confidence.js'
import { gatherEvidence } from '../dist/generate/evidence.js'
import { extractWeights, rankExtracts } from '../dist/generate/rank-extracts.js'
import { openHome } from '../dist/home.js'
import { syncFolder } from '../dist/ingest/sync/sync.js'
import { openInkstone } from '../dist/inkstone.js'
import { search } from '../dist/knowledge-base.js'
import { modelsDir, packageRoot } from './server.mjs'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const { values: options } = parseArgs({
  options: { home: { type: 'string' }, kb: { type: 'string', default: 'default' } },
})

async function gather() {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'inkstone-refusals-')))
  const config = loadConfig({ environment: {}, flags: { home, modelsDir }, packageRoot })
  try {
    if (options.home === undefined) await ingestSample(config)
    return await askGolden(config)
  } finally {
    if (options.home === undefined) await rm(home, { recursive: true })
  }
}

async function ingestSample(config) {
  const service = await openInkstone(config, { log: silent })
  const roots = [join(packageRoot, 'data', 'sample', 'documents')]
  for await (const _ of syncFolder(service, { roots, knowledgeBase: options.kb }));
  await service.close()
}

async function askGolden(config) {
  const { catalogue, stores, embedder, close } = await openHome(config, { log: silent })
  const { id } = await catalogue.getKnowledgeBase(options.kb)
  const fileNames = new Map(
    (await catalogue.listSources(id)).map(({ documentId, sourceUri }) => [
      documentId,
      sourceUri.replace(/^.*[\\/]/, ''),
    ]),
  )
  const parts = { stores: [await stores.open(id)], embedder, catalogue, reranking: null }
  const rows = []
  for (const golden of await readGolden(join(packageRoot, 'data', 'sample', 'golden.jsonl'))) {
    const question = { text: golden.question, history: golden.history, topK: config.topK, filter: {} }
    const found = await search(question, parts)
    const extracts = await rankExtracts(found.searchedFor, found, { embedder })
    const evidence = await gatherEvidence(found.searchedFor, { ...found, extracts }, { embedder })
    const isRight = (extract) => answers(golden, extract, fileNames)
    const signals = extracts.map((extract) => ({
      right: isRight(extract),
      values: keys.map((key) => extract.signals[key]),
    }))
    rows.push({ id: golden.id, kind: golden.kind, answerable: golden.kind !== 'unanswerable', evidence, signals })
  }
  await close()
  return rows
}

const keys = Object.keys(extractWeights)

/** Whether an extract holds the short answer at a place of the golden question. */
function answers({ answer, expected, alternatives }, { hit, text, tableHeader }, fileNames) {
  if (answer === null || !contains(`${tableHeader ?? ''} ${text}`, answer)) return false
  return [...expected, ...alternatives].some(
    ({ document, quote }) =>
      fileNames.get(hit.chunk.documentId) === document && (contains(text, quote) || contains(quote, text.slice(0, 20))),
  )
}

const dot = (a, b) => a.reduce((total, value, index) => total + value * b[index], 0)

function softmax(scores) {
  const highest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

/** Weights under which the right extracts are likeliest, by gradient ascent with a little ridge. */
function conditionalLogit(questions) {
  let weights = keys.map(() => 0)
  for (let step = 0; step < 400; step++) {
    const gradient = weights.map((weight) => -0.05 * weight)
    for (const { signals } of questions) {
      const shares = softmax(signals.map(({ values }) => dot(values, weights)))
      const right = shares.reduce((sum, share, index) => sum + (signals[index].right ? share : 0), 0)
      for (const [index, { right: isRight, values }] of signals.entries()) {
        const pull = (isRight ? shares[index] / right : 0) - shares[index]
        for (const [at, value] of values.entries()) gradient[at] += pull * value
      }
    }
    weights = weights.map((weight, at) => weight + 0.08 * gradient[at])
  }
  return weights
}

/** Of the questions, how many have a right extract among the first `depth`. */
function foundWithin(questions, weights, depth) {
  const isFound = ({ signals }) =>
    signals
      .map(({ right, values }) => ({ right, score: dot(values, weights) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, depth)
      .some(({ right }) => right)
  return questions.filter(isFound).length
}

function ofUnusedFolds(questions, depth) {
  const folds = Array.from({ length: 5 }, (_, fold) => fold)
  const found = folds.map((fold) => {
    const weights = conditionalLogit(questions.filter((_, index) => index % 5 !== fold))
    return foundWithin(
      questions.filter((_, index) => index % 5 === fold),
      weights,
      depth,
    )
  })
  return found.reduce((sum, count) => sum + count, 0)
}

/** Chance that an answerable question scores above one that is not. */
function auc(rows, score) {
  const [good, bad] = [true, false].map((kind) => rows.filter(({ answerable }) => answerable === kind).map(score))
  const wins = good.flatMap((a) => bad.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
  return wins.reduce((total, win) => total + win, 0) / wins.length
}

function rates(rows, model) {
  const refused = (answerable) => {
    const those = rows.filter((row) => row.answerable === answerable)
    return those.filter(({ evidence }) => answerability(evidence, model) < model.least).length / those.length
  }
  return { 'false refusals': refused(true), 'right refusals': refused(false) }
}

/** Of each tenth of likelihoods, how many questions of it an answer was there for. */
function reliability(rows, model) {
  const bins = Array.from({ length: 5 }, () => [])
  for (const { answerable, evidence } of rows) {
    bins[Math.min(4, Math.floor(answerability(evidence, model) * 5))].push({
      answerable,
      score: answerability(evidence, model),
    })
  }
  return bins.map((bin, index) => ({
    likelihood: `${(index / 5).toFixed(1)}-${((index + 1) / 5).toFixed(1)}`,
    questions: bin.length,
    mean: (bin.reduce((sum, { score }) => sum + score, 0) / (bin.length || 1)).toFixed(2),
    answerable: (bin.filter(({ answerable }) => answerable).length / (bin.length || 1)).toFixed(2),
  }))
}

const rounded = (values) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${value.toFixed(3)}`)
    .join(', ')

const rows = await gather()
const asked = rows.filter(({ kind }) => kind === 'single' || kind === 'follow_up')
const held = asked.filter(({ signals }) => signals.some(({ right }) => right))
const fitted = conditionalLogit(held)
console.log(`extracts: a right one among those compared for ${held.length} of ${asked.length} questions`)
console.log(`fitted: ${rounded(Object.fromEntries(keys.map((key, at) => [key, fitted[at]])))}`)
const shipped = keys.map((key) => extractWeights[key])
console.table(
  Object.fromEntries(
    [1, 2, 4].map((depth) => [
      `among the first ${depth}`,
      {
        shipped: foundWithin(held, shipped, depth),
        fitted: foundWithin(held, fitted, depth),
        'unused folds': ofUnusedFolds(held, depth),
      },
    ]),
  ),
)

const model = fitModel(rows, answerability)
console.log(
  `answerability fitted: bias ${model.bias.toFixed(3)}, ${rounded(model.weights)}, least ${(Math.floor(model.least * 1000) / 1000).toFixed(3)}`,
)
const learned = learnAnswerability(rows, { usual: builtInModel, judge: answerability })
const score = (of) => (row) => answerability(row.evidence, of)
console.log(`AUC shipped ${auc(rows, score(builtInModel)).toFixed(3)}, fitted ${auc(rows, score(model)).toFixed(3)}`)
console.table({
  shipped: rates(rows, builtInModel),
  fitted: rates(rows, model),
  'unused folds': {
    'false refusals': learned.crossValidated.falseRefusals,
    'right refusals': learned.crossValidated.rightRefusals,
  },
})
console.table(reliability(rows, builtInModel))
