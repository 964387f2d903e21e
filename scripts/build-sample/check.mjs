import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractPages } from './extract.mjs'

const sample = fileURLToPath(new URL('../../data/sample', import.meta.url))
const KINDS = ['single', 'multi', 'follow_up', 'unanswerable']
const KEYS = ['id', 'kind', 'language', 'question', 'history', 'expected', 'alternatives', 'answer']

/** Whether text stands on a page must not depend on where a line was broken. */
const squeeze = (text) => text.replace(/\s+/g, '')

async function main() {
  const documents = new Map()
  for (const name of await readdir(join(sample, 'documents'))) {
    const { isPaged, pages } = await extractPages(join(sample, 'documents', name))
    documents.set(name, { isPaged, pages: pages.map(squeeze) })
  }
  const lines = (await readFile(join(sample, 'golden.jsonl'), 'utf8')).trimEnd().split('\n')
  const questions = lines.map((line) => JSON.parse(line))
  const problems = [
    ...textProblems(documents),
    ...uniqueProblems(questions),
    ...questions.flatMap((question) => questionProblems(question, documents)),
  ]
  print(questions, documents)
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'every quote stands where the set says' : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

/** Kangxi radicals and private-use characters look right on paper and are never found by a search. */
function textProblems(documents) {
  return [...documents].flatMap(([name, { pages }]) =>
    pages.flatMap((text, index) => {
      const wrong = text.match(/[\u2e80-\u2fdf\ue000-\uf8ff\ufffd\0]/gu)
      if (wrong) return [`${name}, page ${index + 1}: characters that do not extract: ${[...new Set(wrong)].join(' ')}`]
      return text === '' ? [`${name}, page ${index + 1}: no text`] : []
    }),
  )
}

function uniqueProblems(questions) {
  return ['id', 'question'].flatMap((key) => {
    const seen = new Set()
    return questions
      .filter((question) => {
        const value = key === 'id' ? question.id : JSON.stringify([question.question, question.history])
        const isRepeated = seen.has(value)
        seen.add(value)
        return isRepeated
      })
      .map((question) => `${question.id}: the ${key} stands twice`)
  })
}

function questionProblems(question, documents) {
  const { id, kind, language, history, expected, alternatives = [], answer } = question
  const problems = []
  const must = (holds, problem) => holds || problems.push(`${id}: ${problem}`)
  must(KINDS.includes(kind), `unknown kind ${kind}`)
  must(['zh', 'en'].includes(language), `unknown language ${language}`)
  must(typeof question.question === 'string' && question.question.length > 1, 'no question')
  must(
    Object.keys(question).every((key) => KEYS.includes(key)),
    `unknown key in ${Object.keys(question)}`,
  )
  must((kind === 'follow_up') === Array.isArray(history), 'history belongs to follow_up, and to nothing else')
  if (kind === 'unanswerable') {
    must(expected.length === 0 && answer === null, 'unanswerable, but has an answer')
    return problems
  }
  must(typeof answer === 'string' && answer !== '', 'no answer')
  must(kind !== 'multi' || new Set(expected.map(({ document }) => document)).size >= 2, 'multi needs two documents')
  must(kind === 'multi' || expected.length === 1, 'needs exactly one expected place')
  for (const place of [...expected, ...alternatives]) {
    const problem = placeProblem(place, documents)
    must(problem === undefined, problem)
  }
  if (kind !== 'multi') {
    for (const { quote } of [...expected, ...alternatives])
      must(squeeze(quote).includes(squeeze(answer)), `"${answer}" is not in "${quote}"`)
  }
  return problems
}

function placeProblem({ document, page, quote }, documents) {
  const found = documents.get(document)
  if (found === undefined) return `there is no document ${document}`
  if (!found.isPaged) {
    if (page !== null) return `${document} has no pages, page must be null`
    return found.pages[0].includes(squeeze(quote)) ? undefined : `"${quote}" does not stand in ${document}`
  }
  if (found.pages[page - 1]?.includes(squeeze(quote))) return undefined
  const others = found.pages.flatMap((text, index) => (text.includes(squeeze(quote)) ? [index + 1] : []))
  return `"${quote}" does not stand on page ${page} of ${document}${others.length > 0 ? `, but on ${others.join(', ')}` : ''}`
}

function print(questions, documents) {
  const count = (list) =>
    [...new Set(list)].map((value) => `${value} ${list.filter((other) => other === value).length}`).join(', ')
  console.log(`${documents.size} documents, ${questions.length} questions`)
  console.log(`kinds: ${count(questions.map(({ kind }) => kind))}`)
  console.log(`languages: ${count(questions.map(({ language }) => language))}`)
  const places = questions.flatMap(({ expected }) => expected)
  for (const name of [...documents.keys()].sort()) {
    const own = places.filter(({ document }) => document === name)
    const pages = new Set(own.map(({ page }) => page))
    console.log(
      `  ${name}: ${own.length} places${documents.get(name).isPaged ? ` on ${pages.size} of ${documents.get(name).pages.length} pages` : ''}`,
    )
  }
}

await main()
