import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import * as answer from '../../src/api/answer.js'
import * as chunk from '../../src/api/chunk.js'
import * as document from '../../src/api/document.js'
import * as filter from '../../src/api/filter.js'
import * as indexState from '../../src/api/index-state.js'
import * as job from '../../src/api/job.js'
import * as knowledgeBase from '../../src/api/knowledge-base.js'
import { limits } from '../../src/api/limits.js'
import * as problem from '../../src/api/problem.js'
import * as search from '../../src/api/search.js'
import * as status from '../../src/api/status.js'
import type { Answer, AnswerEvent } from '../../src/core/answer.js'
import type { Job } from '../../src/core/job.js'
import type { AnswerRequest, SearchRequest, ServiceStatus } from '../../src/core/service.js'
import type { Chunk, Document, Hit, KnowledgeBase } from '../../src/core/types.js'

const modules = { answer, chunk, document, filter, indexState, job, knowledgeBase, problem, search, status }

const schemas = Object.entries(modules).flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [{ name: `${file}.${name}`, schema: value as z.ZodType }] : [],
  ),
)

describe('api schemas', () => {
  test('accept their own examples', () => {
    const checked = schemas.filter(({ name, schema }) => {
      const examples: unknown = z.globalRegistry.get(schema)?.examples ?? []
      if (!Array.isArray(examples)) throw new Error(`the examples of ${name} are no list`)
      for (const example of examples) {
        expect(schema.safeParse(example), `example of ${name}`).toMatchObject({ success: true })
      }
      return examples.length > 0
    })
    expect(checked.length).toBeGreaterThan(15)
  })

  test('describe exactly the types of core', () => {
    expectTypeOf<z.infer<typeof document.documentSchema>>().toEqualTypeOf<Document>()
    expectTypeOf<z.infer<typeof job.jobSchema>>().toEqualTypeOf<Job>()
    expectTypeOf<z.infer<typeof knowledgeBase.knowledgeBaseSchema>>().toEqualTypeOf<KnowledgeBase>()
    expectTypeOf<z.infer<typeof chunk.chunkSchema>>().toEqualTypeOf<Chunk>()
    expectTypeOf<z.infer<typeof search.hitSchema>>().toEqualTypeOf<Hit>()
    expectTypeOf<z.infer<typeof answer.answerSchema>>().toEqualTypeOf<Answer>()
    expectTypeOf<z.infer<typeof answer.answerEventSchema>>().toEqualTypeOf<AnswerEvent>()
    expectTypeOf<z.infer<typeof status.serviceStatusSchema>>().toEqualTypeOf<ServiceStatus>()
    expectTypeOf<keyof z.infer<typeof answer.answerRequest>>().toEqualTypeOf<keyof AnswerRequest>()
    expectTypeOf<keyof z.infer<typeof search.searchRequest>>().toEqualTypeOf<keyof SearchRequest>()
  })
})

describe('answerRequest', () => {
  const isValid = (request: object) => answer.answerRequest.safeParse(request).success

  test('takes a question alone', () => {
    expect(answer.answerRequest.parse({ question: '何时更换？' })).toEqual({ question: '何时更换？' })
  })

  test('holds its limits', () => {
    expect(isValid({ question: 'x'.repeat(limits.questionCharacters) })).toBe(true)
    expect(isValid({ question: 'x'.repeat(limits.questionCharacters + 1) })).toBe(false)
    expect(isValid({ question: ' \n ' })).toBe(false)
    expect(isValid({ question: 'q', topK: limits.topK })).toBe(true)
    expect(isValid({ question: 'q', topK: limits.topK + 1 })).toBe(false)
    expect(isValid({ question: 'q', topK: 0 })).toBe(false)
    expect(isValid({ question: 'q', maxPerDocument: 2 })).toBe(true)
    expect(isValid({ question: 'q', maxPerDocument: 0 })).toBe(false)
    expect(isValid({ question: 'q', maxPerDocument: 1.5 })).toBe(false)
    expect(isValid({ question: 'q', history: Array(limits.historyEntries).fill('h') })).toBe(true)
    expect(isValid({ question: 'q', history: Array(limits.historyEntries + 1).fill('h') })).toBe(false)
  })

  test('refuses what it does not know, at every depth', () => {
    expect(isValid({ question: 'q', topk: 3 })).toBe(false)
    expect(isValid({ question: 'q', filter: { documentId: 'doc_1' } })).toBe(false)
  })
})

describe('createKnowledgeBaseRequest', () => {
  test.each(['a', '0', 'a-b-', 'x'.repeat(63)])('takes the slug %j', (slug) => {
    expect(knowledgeBase.createKnowledgeBaseRequest.parse({ slug })).toEqual({ slug })
  })

  test.each(['', '-a', 'A', 'a_b', '手册', 'x'.repeat(64), 'a\n'])('refuses the slug %j', (slug) => {
    expect(knowledgeBase.createKnowledgeBaseRequest.safeParse({ slug }).success).toBe(false)
  })
})

describe('uploadMetadataSchema', () => {
  test('takes text, numbers and booleans and nothing deeper', () => {
    expect(document.uploadMetadataSchema.safeParse({ a: 'x', b: 1, c: false }).success).toBe(true)
    expect(document.uploadMetadataSchema.safeParse({ a: { b: 1 } }).success).toBe(false)
    expect(document.uploadMetadataSchema.safeParse({ a: null }).success).toBe(false)
    const many = Object.fromEntries(Array.from({ length: limits.metadataKeys + 1 }, (_, index) => [`k${index}`, 1]))
    expect(document.uploadMetadataSchema.safeParse(many).success).toBe(false)
  })
})

describe('sourceUriSchema', () => {
  test('refuses control characters and what is too long', () => {
    expect(document.sourceUriSchema.safeParse('手册/泵.pdf').success).toBe(true)
    expect(document.sourceUriSchema.safeParse('a\r\nb').success).toBe(false)
    expect(document.sourceUriSchema.safeParse('x'.repeat(limits.sourceUriCharacters + 1)).success).toBe(false)
  })
})
