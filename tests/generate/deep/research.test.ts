import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Step } from '../../../src/core/answer.js'
import { InkstoneError } from '../../../src/core/errors.js'
import type { Hit } from '../../../src/core/types.js'
import type { Bounds } from '../../../src/generate/deep/bounds.js'
import { type Research, research } from '../../../src/generate/deep/research.js'
import { meteredModel } from '../../../src/generate/meter.js'
import { type DeepScript, deepModel, enough, lacking, notesOf, planOf } from '../../support/deep-script.js'
import { foundOf, lineHit, oilHit, passage, question } from './corpus.js'

const ample: Bounds = { maxSteps: 50, maxTokens: 100_000, timeoutMs: 60_000 }
const script: DeepScript<string | Error> = {
  plan: planOf('三号线装的是哪台泵？'),
  read: [notesOf([1, '型号是 HCZ65-200A']), notesOf([2, '用 L-HM46'])],
  decide: [lacking('HCZ65-200A 用什么油？'), enough],
  answer: 'not asked for here',
}
const byQuestion: Record<string, Hit[]> = {
  '三号线装的是哪台泵？': [lineHit],
  'HCZ65-200A 用什么油？': [oilHit, lineHit],
}

interface Given {
  model?: Partial<DeepScript<string | Error>>
  bounds?: Partial<Bounds>
  first?: Hit[]
  find?: (subQuestion: string, signal: AbortSignal) => Promise<Hit[]>
  signal?: AbortSignal
}

async function run({ model = {}, bounds = {}, first = [lineHit], find, signal }: Given = {}) {
  const chatModel = deepModel({ ...script, ...model })
  const metered = meteredModel(chatModel)
  const searched: string[] = []
  const events = research(question, foundOf(...first), {
    model: metered,
    bounds: { ...ample, ...bounds },
    llmMaxTokens: 200,
    llmContextTokens: 8_000,
    async search(subQuestion, options) {
      searched.push(subQuestion)
      const hits = await (find?.(subQuestion, options.signal) ?? byQuestion[subQuestion] ?? [])
      return { hits, candidates: hits, rerankFailed: false }
    },
    ...(signal ? { signal } : {}),
  })
  const told: Step[] = []
  for (;;) {
    const { done, value } = await events.next()
    if (done) return { ...report(value), told, searched, model: chatModel, spent: metered.spent() }
    if (value.type === 'step') told.push(value.step)
  }
}

const report = ({ lookups, steps, notice }: Research) => ({
  lookups,
  steps,
  notice,
  kinds: steps.map(({ kind }) => kind).join(' '),
})

describe('research', () => {
  test('plans, searches, reads, decides what is missing, and ends when enough is known', async () => {
    const { kinds, steps, told, searched, lookups, notice } = await run()
    expect(kinds).toBe('search plan search read decide search read decide')
    expect(told).toEqual(steps)
    expect(notice).toBeNull()
    expect(searched).toEqual(['三号线装的是哪台泵？', 'HCZ65-200A 用什么油？'])
    expect(steps).toMatchObject([
      { kind: 'search', subQuestion: question.text, found: [{ documentId: 'layout', page: 1 }], ms: 3 },
      { kind: 'plan', subQuestions: ['三号线装的是哪台泵？'], understood: true, usage: { inputTokens: 100 } },
      { kind: 'search', usage: { inputTokens: 0, outputTokens: 0 } },
      { kind: 'read', notes: [{ documentId: 'layout', page: 1, text: '型号是 HCZ65-200A' }] },
      { kind: 'decide', enough: false, subQuestions: ['HCZ65-200A 用什么油？'] },
      { kind: 'search', found: [{ documentId: 'oils', page: 7 }, { documentId: 'layout' }] },
      { kind: 'read', notes: [{ documentId: 'oils', page: 7, text: '用 L-HM46' }] },
      { kind: 'decide', enough: true, subQuestions: [] },
    ])
    expect(lookups.map(({ notes }) => notes?.map(({ hit }) => hit.chunk.id))).toEqual([
      undefined,
      ['chk_layout_1'],
      ['chk_oils_7'],
    ])
  })

  test('reads what was found for the question itself without searching for it again', async () => {
    const { kinds, searched } = await run({ model: { plan: planOf('三号线的泵用什么润滑油'), decide: enough } })
    expect({ kinds, searched }).toEqual({ kinds: 'search plan read decide', searched: [] })
  })

  test('searches for the sub-questions of a plan side by side', async () => {
    const waiting: (() => void)[] = []
    const find = async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 3) for (const go of waiting) go()
      })
      return [oilHit]
    }
    const { kinds } = await run({ find, model: { plan: planOf('a', 'b', 'c'), decide: enough } })
    expect(kinds).toBe('search plan search search search read read read decide')
  })

  test('shows the decision what is known and the question, never the plan what is in a document', async () => {
    const { model } = await run()
    const [plan, , decide] = model.seen.map((messages) => messages.at(-1)?.content ?? '')
    expect(plan).toBe(`<question>\n${question.text}\n</question>`)
    expect(decide).toContain('型号是 HCZ65-200A')
  })

  test('asks once more for a plan that is no JSON, and counts both', async () => {
    const plan = ['三号线？', planOf('三号线装的是哪台泵？')]
    const { steps, model } = await run({ model: { plan } })
    expect(model.calls.slice(0, 3)).toEqual(['plan', 'plan', 'read'])
    expect(steps[1]).toMatchObject({ understood: true, usage: { inputTokens: 200, outputTokens: 20 } })
  })

  test('looks into the question itself when there is no plan to be had', async () => {
    const { steps, kinds, notice } = await run({ model: { plan: 'I will not plan.', decide: enough } })
    expect(kinds).toBe('search plan read decide')
    expect(steps[1]).toMatchObject({ understood: false, subQuestions: [question.text] })
    expect(notice).toBeNull()
  })

  test('decides by the passages when the notes are of no use, and ends when the decision is of none', async () => {
    const { steps, model, notice } = await run({ model: { read: 'Notes: none', decide: 'Perhaps.' } })
    expect(steps.slice(3)).toMatchObject([
      { kind: 'read', notes: [], understood: false },
      { kind: 'decide', enough: false, subQuestions: [], understood: false },
    ])
    const decision = model.seen[model.calls.indexOf('decide')]
    expect(decision?.at(-1)?.content).toContain(lineHit.chunk.text)
    expect(notice).toBeNull()
  })

  test('does not read where nothing was found, and asks nothing at all when that is true of everything', async () => {
    const { kinds } = await run({ find: async () => [], model: { decide: enough } })
    expect(kinds).toBe('search plan search decide')
    expect(await run({ first: [] })).toMatchObject({ kinds: 'search', notice: null, model: { calls: [] } })
  })

  test('ends when a model that never has enough asks what was asked before', async () => {
    const { steps, notice } = await run({ model: { decide: lacking('三号线装的是哪台泵', question.text) } })
    expect(steps.at(-1)).toMatchObject({ kind: 'decide', enough: false, subQuestions: [] })
    expect(notice).toBeNull()
  })

  test('takes no more steps than it may, whatever a model asks that never has enough', async () => {
    for (let maxSteps = 1; maxSteps <= 12; maxSteps += 1) {
      const decide = Array.from({ length: 20 }, (_, index) => lacking(`next ${index}`, `and ${index}`))
      const { steps, notice } = await run({ bounds: { maxSteps }, model: { decide } })
      expect(steps).toHaveLength(maxSteps)
      expect(notice).toMatchObject({ code: 'deep_steps', message: expect.stringContaining('步数') })
    }
  })

  test('says nothing of a limit that it just kept', async () => {
    expect(await run({ bounds: { maxSteps: 8 } })).toMatchObject({ notice: null, steps: { length: 8 } })
  })

  test('never spends more tokens than it may', async () => {
    const decide = Array.from({ length: 50 }, (_, index) => lacking(`next ${index}`))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12_000 }), fc.boolean(), async (maxTokens, isUseless) => {
        const model = { decide, ...(isUseless ? { plan: 'no', read: 'no' } : {}) }
        const { spent, notice } = await run({ bounds: { maxTokens, maxSteps: 40 }, model })
        expect(spent.inputTokens + spent.outputTokens).toBeLessThanOrEqual(maxTokens)
        expect(notice?.code).toMatch(/^deep_(tokens|steps)$/)
      }),
      { numRuns: 40 },
    )
  })

  test('decides by the passages themselves when few tokens are left', async () => {
    const { kinds, model } = await run({ bounds: { maxTokens: 1_500 }, model: { decide: enough } })
    expect(kinds).toBe('search plan search decide')
    expect(model.seen.at(-1)?.at(-1)?.content).toContain(lineHit.chunk.text)
  })

  test('ends when the time is over, in the middle of a search', async () => {
    const find = () => new Promise<never>(() => undefined)
    const { kinds, notice } = await run({ bounds: { timeoutMs: 20 }, find })
    expect(kinds).toBe('search plan')
    expect(notice).toMatchObject({ code: 'deep_time', problem: null })
  })

  test.each(['plan', 'read', 'decide'] as const)('keeps what it has when the model fails at its %s', async (call) => {
    const down = new InkstoneError('language_model_unreachable', 'it is off')
    const { notice, lookups } = await run({ model: { [call]: down } })
    expect(notice).toMatchObject({ code: 'deep_broke_off', problem: { code: 'language_model_unreachable' } })
    expect(notice?.message).toContain('it is off')
    expect(lookups[0]?.hits).toMatchObject([{ chunk: lineHit.chunk }])
  })

  test('keeps what it has when a search fails', async () => {
    const find = async () => Promise.reject(new InkstoneError('embedding_failed', 'no vectors'))
    expect(await run({ find })).toMatchObject({
      kinds: 'search plan',
      notice: { problem: { code: 'embedding_failed' } },
    })
  })

  test('throws what is a fault of the program', async () => {
    await expect(run({ find: async () => Promise.reject(new TypeError('oops')) })).rejects.toThrow('oops')
  })

  test('ends at once when it is stopped in the middle of a search that does not listen', async () => {
    const stop = new AbortController()
    const find = () => {
      stop.abort()
      return new Promise<never>(() => undefined)
    }
    await expect(run({ signal: stop.signal, find })).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('does not begin when it was stopped before', async () => {
    const stopped = run({ signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('gives the same passage the same number in every step', async () => {
    const { model } = await run({ first: [passage('别的', 'other'), lineHit] })
    const shown = model.seen.filter((_, index) => model.calls[index] === 'read').map((it) => it.at(-1)?.content ?? '')
    expect(shown[0]).toContain('number="1" title="layout"')
    expect(shown[1]).toMatch(/number="\d+" title="oils"[\s\S]*number="1" title="layout"/)
  })
})
