import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import { parseQuery } from '../../src/retrieve/query.js'

const none = { phrases: [], excluded: [], titles: [] }
const plain = (text: string) => ({ text, words: none })
const golden = readFileSync(new URL('../../data/sample/golden.jsonl', import.meta.url), 'utf8')
const pieces = fc.constantFrom(
  '"',
  '-',
  ' ',
  'title:',
  '标题：',
  '泵',
  '密封',
  'seal',
  'a',
  '3',
  '，',
  '\n',
  "'",
  '\ud800',
)

describe('parseQuery', () => {
  test('takes what stands in quotes for phrases, and searches for their words as well', () => {
    expect(parseQuery('请问"机械密封"多久换 "mechanical seal"')).toEqual({
      text: '请问机械密封多久换 mechanical seal',
      words: { ...none, phrases: ['机械密封', 'mechanical seal'] },
    })
  })

  test('takes a word or phrase behind a hyphen for one to leave out', () => {
    expect(parseQuery('泵 -电机，流量 -IH65-50-160 -"dry run" 要求')).toEqual({
      text: '泵 ，流量 要求',
      words: { ...none, excluded: ['电机', 'IH65-50-160', 'dry run'] },
    })
  })

  test('takes title: for what the title or a heading holds, and searches for it as well', () => {
    for (const query of ['title:手册 流量', 'Title:"手册" 流量', '标题：手册 流量', '標題:手册 流量']) {
      expect(parseQuery(query), query).toEqual({ text: '手册 流量', words: { ...none, titles: ['手册'] } })
    }
  })

  test('leaves alone what only looks like an operator', () => {
    for (const question of [
      '能在 -5 ℃ 或 -40℃ 下用吗',
      'IH65-50-160 与 GB/T 19001-2016',
      'a 3" pipe and a 4" valve',
      'what does -v do, and --force',
      '“机械密封”和「轴承」多久换',
      'an "unbalanced quote',
      'nothing in "" or " - "',
      '列表：\n- 一\n- 二',
      '这篇文章的标题：为什么叫密封',
      'title: seal',
      '  spaces   stay ',
    ]) {
      expect(parseQuery(question)).toEqual(plain(question))
    }
  })

  test('changes none of the golden questions', () => {
    const questions = golden
      .trim()
      .split('\n')
      .map((line) => String(JSON.parse(line).question))
    expect(questions.length).toBeGreaterThan(100)
    for (const question of questions) expect(parseQuery(question)).toEqual(plain(question))
  })

  test('searches for the words of a question that is nothing but operators', () => {
    expect(parseQuery('"机械密封" title:手册 -电机').text).toBe('机械密封 手册')
  })

  test.each([
    ['-valve -"dry run"', /only what must not/],
    ['seal -title:manual', /cannot be left out/],
    [`seal ${Array.from({ length: 17 }, (_, at) => `-word${at}`).join(' ')}`, /more than 16/],
  ])('refuses %s with a remedy', (query, message) => {
    expect(() => parseQuery(query)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(message),
        remedy: expect.any(String),
      }),
    )
  })

  test('takes a text full of quotes for a text, not for phrases', () => {
    const pasted = Array.from({ length: 17 }, (_, at) => `"key${at}": ${at}`).join(', ')
    expect(parseQuery(pasted).words).toEqual(none)
  })

  test('throws nothing but invalid_request, and gives conditions and text that can be searched for', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (question) => {
          try {
            const { text, words } = parseQuery(question)
            const conditions = Object.values(words).flat()
            for (const condition of conditions) expect(condition).toMatch(/^\S(.*\S)?$/su)
            if (words.excluded.length > 0) expect(text).toMatch(/[\p{L}\p{N}]/u)
            if (conditions.length === 0) expect(text.replaceAll('"', '')).toBe(question.replaceAll('"', ''))
          } catch (thrown) {
            if (!(thrown instanceof InkstoneError)) throw thrown
            expect(thrown.code).toBe('invalid_request')
          }
        },
      ),
    )
  })

  test('changes nothing of a text without quotes, colons and hyphens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bare = text.replace(/["\-:：]/g, '')
        expect(parseQuery(bare)).toEqual(plain(bare))
      }),
    )
  })
})
