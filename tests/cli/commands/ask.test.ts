import { describe, expect, test } from 'vitest'
import type { Abstained, AnswerEvent, Answered, Citation, Step } from '../../../src/core/answer.js'
import { InkstoneError } from '../../../src/core/errors.js'
import type { AnswerRequest, InkstoneService } from '../../../src/core/service.js'
import type { Hit } from '../../../src/core/types.js'
import { makeChunk } from '../../support/chunks.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const hit = (rank: number): Hit => ({
  rank,
  score: 0.5,
  signals: { dense: 0.5, lexical: 1, fused: 0.5, rerank: null },
  chunk: makeChunk({ text: `passage ${rank}` }),
})

const citation = (marker: number, verified: boolean): Citation => ({
  marker,
  documentId: 'doc_1',
  documentTitle: 'Manual',
  chunkId: 'chk_1',
  page: 4,
  headingPath: ['Safety'],
  quote: 'below\n50 °C',
  sourceSpan: { start: 0, end: 10 },
  answerSpan: { start: 0, end: 10 },
  verified,
})

const base = {
  id: 'ans_1',
  question: 'How cold?',
  searchedFor: 'How cold?',
  hits: [1, 2, 3, 4].map(hit),
  usage: { inputTokens: 0, outputTokens: 0 },
  timings: { embedMs: 1, retrieveMs: 1, generateMs: 1, totalMs: 3 },
}

const answered: Answered = {
  ...base,
  status: 'answered',
  text: 'Below 50 °C [1][2].',
  modelId: 'extractive',
  citations: [citation(2, false), citation(1, true)],
  finishReason: 'complete',
  notice: null,
  problem: null,
  inventedMarkers: 0,
}

const abstained: Abstained = {
  ...base,
  status: 'abstained',
  reason: 'low_confidence',
  message: 'The documents do not say.',
}

const started: AnswerEvent[] = [
  { type: 'answer.started', id: 'ans_1', question: 'How cold?' },
  { type: 'retrieval', searchedFor: 'How cold?', hits: base.hits },
]

const answerEvents: AnswerEvent[] = [
  ...started,
  { type: 'delta', text: 'Below 50 °C ' },
  { type: 'delta', text: '[1][2].' },
  { type: 'citation', citation: citation(1, true) },
  { type: 'done', answer: answered },
]

async function ask(args: string[], events: AnswerEvent[], { broken }: { broken?: InkstoneError } = {}) {
  const requests: AnswerRequest[] = []
  const memory = memoryService()
  const service: InkstoneService = {
    ...memory,
    async *answer(request) {
      requests.push(request)
      yield* events
      if (broken !== undefined) throw broken
    },
  }
  const result = await runCommandLine(['ask', ...args], { service, cwd: await temporaryFolder() })
  return { ...result, requests, calls: memory.calls }
}

describe('askCommand', () => {
  test('prints the text, then the citations by number with place, check mark and quote', async () => {
    const { exitCode, stdout, stderr, calls } = await ask(['How cold?'], answerEvents)
    expect({ exitCode, stderr, calls }).toEqual({ exitCode: 0, stderr: '', calls: ['close'] })
    expect(stdout.split('\n')).toEqual([
      'Below 50 °C [1][2].',
      '',
      '[1] Manual, p. 4 › Safety  ✓ verified',
      '    “below 50 °C”',
      '',
      '[2] Manual, p. 4 › Safety  ? not verified',
      '    “below 50 °C”',
      '',
    ])
  })

  test('ends with 0 after a refusal and shows the three nearest passages', async () => {
    const events: AnswerEvent[] = [
      ...started,
      { type: 'refusal', reason: 'low_confidence', message: abstained.message },
      { type: 'done', answer: abstained },
    ]
    const { exitCode, stdout } = await ask(['How cold?'], events)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^The documents do not say\.\n\nNearest passages\n1\. Manual/)
    expect(stdout).toContain('passage 3')
    expect(stdout).not.toContain('passage 4')
  })

  test('says on standard error what was searched for and what the notice is', async () => {
    const events: AnswerEvent[] = [
      { type: 'answer.started', id: 'ans_1', question: 'And the seal?' },
      { type: 'retrieval', searchedFor: 'How often is the seal changed?', hits: [] },
      { type: 'notice', code: 'model_failed', message: 'the language model is away', problem: null },
      { type: 'done', answer: answered },
    ]
    const { stderr } = await ask(['And the seal?'], events)
    expect(stderr).toBe('searched for: How often is the seal changed?\nnote: the language model is away\n')
  })

  test('keeps what a model had written before it broke off, and says so', async () => {
    const message = 'the language model broke off'
    const events: AnswerEvent[] = [
      ...started,
      { type: 'delta', text: 'Below 5' },
      { type: 'notice', code: 'cut_off', message, problem: null },
      {
        type: 'done',
        answer: { ...answered, text: 'Below 5', citations: [], finishReason: 'cut_off', notice: message },
      },
    ]
    expect(await ask(['How cold?'], events)).toMatchObject({ stdout: 'Below 5\n', stderr: `note: ${message}\n` })
  })

  test.each(['', '  '])('does not ask the empty question %j', async (question) => {
    const { exitCode, stderr, requests } = await ask([question], answerEvents)
    expect({ exitCode, requests }).toEqual({ exitCode: 1, requests: [] })
    expect(stderr).toBe('error: the question is empty\nremedy: put it in quotes: inkstone ask "…"\n')
  })

  test('hands on the earlier questions whole, the knowledge bases and the number of passages', async () => {
    const args = ['Why?', '--history', 'How, and when?', '--history', 'Who?', '--kb', 'pumps', '--top-k', '5']
    const { requests } = await ask(args, answerEvents)
    expect(requests).toEqual([
      { question: 'Why?', topK: 5, history: ['How, and when?', 'Who?'], knowledgeBaseIds: ['pumps'] },
    ])
  })

  test('asks deeply when it is told to, and notes each step on standard error', async () => {
    const steps: Step[] = [
      { kind: 'plan', subQuestions: ['How cold?'], understood: true, ms: 100, usage: base.usage },
      { kind: 'decide', enough: true, subQuestions: [], understood: true, ms: 200, usage: base.usage },
    ]
    const events: AnswerEvent[] = [...steps.map((step) => ({ type: 'step', step }) as const), ...answerEvents]
    const { requests, stdout, stderr } = await ask(['How cold?', '--deep'], events)
    expect(requests).toEqual([{ question: 'How cold?', topK: 8, mode: 'deep' }])
    expect(stderr).toBe('plan (0.1 s)\n  How cold?\ndecide: enough is known (0.2 s)\n')
    expect(stdout).toMatch(/^Below 50/)
  })

  test('asks in a conversation, and names the one that it began', async () => {
    const asked: AnswerRequest[] = []
    const service = memoryService()
    service.answer = async function* (request) {
      asked.push(request)
      for (const event of answerEvents) {
        yield event.type === 'answer.started' ? { ...event, conversationId: 'cnv_1' } : event
      }
    }
    const { stderr } = await runCommandLine(['ask', 'How cold?', '--conversation', 'new'], {
      service,
      cwd: await temporaryFolder(),
    })
    expect(asked).toMatchObject([{ question: 'How cold?', conversationId: 'new' }])
    expect(stderr).toContain('conversation: cnv_1')
  })

  test('prints the whole answer as one JSON document', async () => {
    const { stdout, stderr } = await ask(['How cold?', '--json'], answerEvents)
    expect(JSON.parse(stdout)).toEqual(answered)
    expect(stderr).toBe('')
  })

  test('ends with 1 when the answer breaks off, and closes the service', async () => {
    const broken = new InkstoneError('language_model_failed', 'the model broke off', { remedy: 'try again' })
    const result = await ask(['How cold?'], started, { broken })
    expect(result).toMatchObject({ exitCode: 1, calls: ['close'] })
    expect(result.stderr).toBe('error: the model broke off\nremedy: try again\n')
    expect((await ask(['How cold?'], started)).exitCode).toBe(1)
  })
})
