import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'

const place = z.strictObject({
  /** File name of the document. */
  document: z.string().min(1),
  /** Counts from 1; null where the format has no pages. */
  page: z.int().min(1).nullable(),
  /** Text that stands there, white space aside. */
  quote: z.string().min(1),
})

const goldenQuestion = z.strictObject({
  id: z.string().min(1),
  /** `single`: one place holds the answer. `multi`: it takes several documents. `follow_up`: needs the history. */
  kind: z.enum(['single', 'multi', 'follow_up', 'unanswerable']),
  language: z.enum(['zh', 'en']),
  question: z.string().min(1),
  history: z.array(z.string()).default([]),
  /** All of these are needed. */
  expected: z.array(place).default([]),
  /** Each of these would do in place of the expected ones. */
  alternatives: z.array(place).default([]),
  /** The short answer; null when there is none. */
  answer: z.string().nullable(),
})

export type GoldenQuestion = z.infer<typeof goldenQuestion>

/**
 * Reads a golden set: one JSON object a line.
 * @throws InkstoneError `invalid_request` naming every line that is wrong, `not_found`
 */
export async function readGolden(path: string): Promise<GoldenQuestion[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InkstoneError('not_found', `cannot read the golden set ${path}`, { cause, remedy: 'check the path' })
  })
  const problems: string[] = []
  const ids = new Set<string>()
  const questions = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = goldenQuestion.safeParse(parseJson(line))
    if (parsed.success && !ids.has(parsed.data.id)) {
      ids.add(parsed.data.id)
      return [parsed.data]
    }
    const issues = parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    problems.push(`line ${index + 1}: ${issues?.join('; ') ?? `the id ${parsed.data?.id} was there before`}`)
    return []
  })
  if (questions.length === 0 && problems.length === 0) problems.push('it holds no question')
  if (problems.length > 0) throw new InkstoneError('invalid_request', `${path}: ${problems.join('\n')}`)
  return questions
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
