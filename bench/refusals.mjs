// How well the evidence tells answerable questions from others on the golden set of the sample documents: fits the
// weights of generate/confidence.ts and prints both error rates, for all questions and for halves that were not used.
//
//   node bench/refusals.mjs
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../dist/config/load.js'
import { languageOf } from '../dist/core/language.js'
import { readGolden } from '../dist/eval/golden.js'
import { answerability, gatherEvidence, leastAnswerability, neutralCosine } from '../dist/generate/confidence.js'
import { openHome } from '../dist/home.js'
import { syncFolder } from '../dist/ingest/sync/sync.js'
import { openInkstone } from '../dist/inkstone.js'
import { search } from '../dist/knowledge-base.js'
import { modelsDir, packageRoot } from './server.mjs'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
/** At most one answerable question in ten may be refused. */
const mostFalseRefusals = 0.1

async function gather() {
  const home = await mkdtemp(join(tmpdir(), 'inkstone-refusals-'))
  const config = loadConfig({ environment: {}, flags: { home, modelsDir }, packageRoot })
  try {
    await ingestSample(config)
    return await evidenceOfGolden(config)
  } finally {
    await rm(home, { recursive: true })
  }
}

async function ingestSample(config) {
  const service = await openInkstone(config, { log: silent })
  const roots = [join(packageRoot, 'data', 'sample', 'documents')]
  for await (const _ of syncFolder(service, { roots, knowledgeBase: 'default' }));
  await service.close()
}

async function evidenceOfGolden(config) {
  const { catalogue, stores, embedder, close } = await openHome(config, { log: silent })
  const { id } = await catalogue.getKnowledgeBase('default')
  const parts = { stores: [await stores.open(id)], embedder, catalogue }
  const rows = []
  for (const golden of await readGolden(join(packageRoot, 'data', 'sample', 'golden.jsonl'))) {
    const question = { text: golden.question, history: golden.history, topK: config.topK, filter: {} }
    const found = await search(question, parts)
    const knowsLanguage = embedder.languages.includes(languageOf(found.searchedFor))
    const evidence = gatherEvidence(found.searchedFor, found, { knowsLanguage })
    const features = [1, evidence.cosine ?? neutralCosine, evidence.coverage]
    rows.push({ answerable: golden.kind !== 'unanswerable', shipped: answerability(evidence), features })
  }
  await close()
  return rows
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x))
const dot = (a, b) => a.reduce((total, value, index) => total + value * b[index], 0)

/** Logistic regression with both classes weighing the same and a little ridge, by Newton's method on three weights. */
function logistic(rows) {
  const share = rows.filter(({ answerable }) => answerable).length / rows.length
  let weights = [0, 0, 0]
  for (let step = 0; step < 50; step++) {
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : -0.01 * weight))
    const hessian = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0.01 : 0)))
    for (const { answerable, features } of rows) {
      const importance = answerable ? 0.5 / share : 0.5 / (1 - share)
      const p = sigmoid(dot(weights, features))
      for (let i = 0; i < 3; i++) {
        gradient[i] += importance * ((answerable ? 1 : 0) - p) * features[i]
        for (let j = 0; j < 3; j++) hessian[i][j] += importance * p * (1 - p) * features[i] * features[j]
      }
    }
    const change = solve(hessian, gradient)
    weights = weights.map((weight, index) => weight + change[index])
  }
  return weights
}

/** Gaussian elimination with pivoting. */
function solve(matrix, vector) {
  const rows = matrix.map((row, index) => [...row, vector[index]])
  for (let column = 0; column < 3; column++) {
    const pivot = rows.slice(column).sort((a, b) => Math.abs(b[column]) - Math.abs(a[column]))[0]
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(column, 0, pivot)
    for (let other = 0; other < 3; other++) {
      if (other === column) continue
      const factor = rows[other][column] / pivot[column]
      rows[other] = rows[other].map((value, index) => value - factor * pivot[index])
    }
  }
  return rows.map((row, index) => row[3] / row[index])
}

/** The highest threshold that refuses no more of the answerable questions than is allowed. */
function thresholdOf(rows, score) {
  const scores = rows
    .filter(({ answerable }) => answerable)
    .map(score)
    .sort((a, b) => a - b)
  return scores[Math.floor(mostFalseRefusals * scores.length)]
}

function rates(rows, score, threshold) {
  const refused = (answerable) => {
    const those = rows.filter((row) => row.answerable === answerable)
    return those.filter((row) => score(row) < threshold).length / those.length
  }
  return {
    threshold: threshold.toFixed(3),
    'false refusals': refused(true).toFixed(3),
    'right refusals': refused(false).toFixed(3),
  }
}

/** Chance that an answerable question scores above one that is not. */
function auc(rows, score) {
  const [good, bad] = [true, false].map((kind) => rows.filter(({ answerable }) => answerable === kind).map(score))
  const wins = good.flatMap((a) => bad.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
  return wins.reduce((total, win) => total + win, 0) / wins.length
}

/** Weights and threshold from one half of the questions, rates on the other, over many ways to halve them. */
function unusedHalves(rows, splits) {
  let state = 7
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
  const totals = { wrong: 0, right: 0 }
  for (let split = 0; split < splits; split++) {
    const shuffled = rows
      .map((row) => ({ row, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }) => row)
    const used = shuffled.slice(0, rows.length / 2)
    const weights = logistic(used)
    const score = ({ features }) => sigmoid(dot(weights, features))
    const result = rates(shuffled.slice(rows.length / 2), score, thresholdOf(used, score))
    totals.wrong += Number(result['false refusals'])
    totals.right += Number(result['right refusals'])
  }
  return { 'false refusals': (totals.wrong / splits).toFixed(3), 'right refusals': (totals.right / splits).toFixed(3) }
}

const rows = await gather()
const shipped = (row) => row.shipped
const weights = logistic(rows)
const fitted = ({ features }) => sigmoid(dot(weights, features))
console.log(
  `${rows.length} questions; AUC shipped ${auc(rows, shipped).toFixed(3)}, fitted ${auc(rows, fitted).toFixed(3)}`,
)
console.log(
  `fitted weights: bias ${weights[0].toFixed(2)}, cosine ${weights[1].toFixed(2)}, coverage ${weights[2].toFixed(2)}`,
)
console.table({
  shipped: rates(rows, shipped, leastAnswerability.extractive),
  fitted: rates(rows, fitted, thresholdOf(rows, fitted)),
  'unused halves (mean of 200)': unusedHalves(rows, 200),
})
