import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/core/types.js'
import { citationStream } from '../../src/generate/citation-stream.js'
import { bindCitations } from '../../src/generate/cite.js'
import { settleMarkers } from '../../src/generate/markers.js'
import { makeChunk } from '../support/chunks.js'

const hit = (text: string): Hit => ({
  rank: 1,
  score: 1,
  signals: { dense: 1, lexical: 1, fused: 1, rerank: null },
  chunk: makeChunk({ text }),
})
const cited = [hit('额定流量为 25 m3/h。扬程为 32 m。'), hit('The seal is replaced every 8000 hours. Grease it.')]

function streamed(pieces: readonly string[], { isCutOff = false } = {}) {
  const stream = citationStream(cited)
  const shown = [...pieces.map((piece) => stream.write(piece)), stream.end({ isCutOff })]
  return {
    texts: shown.map(({ text }) => text),
    text: shown.map(({ text }) => text).join(''),
    drafts: shown.flatMap(({ drafts }) => drafts),
    bound: shown.map(({ drafts }) => drafts.map(({ marker }) => marker)),
    invented: stream.invented,
    whole: stream.text,
  }
}

function atOnce(text: string) {
  const settled = settleMarkers(text, { passageCount: cited.length })
  const drafts = bindCitations(settled.text, cited, { markers: settled.markers })
  return { text: settled.text, drafts, invented: settled.invented, whole: settled.text }
}

const words = ['额定流量为 25 m3/h', '扬程为 32 m', 'The seal is replaced', 'every 8000 hours', 'approx.', 'No', '4.5']
const marks = [
  '[1]',
  '[2]',
  ' [1]',
  ' [7]',
  '[1, 9]',
  '【2】',
  '[1-2]',
  '[^9]',
  '<sup>[2]</sup>',
  '[sources 1]',
  '[9',
  ']',
]
const ends = [
  '。',
  '. ',
  '.',
  '，',
  '；',
  '!',
  '”',
  '…',
  '\n',
  '\n\n',
  ' ',
  '\n- ',
  '\n2. ',
  '\n| ',
  ' | ',
  ' |\n',
  '：\n',
  '\r\n',
]
const code = ['`', '``', '```', '\n```\n', '\n~~~\n', '~', '(', '(https:', '[', '\\', '^', '<', '†', '#']
const written = fc
  .array(fc.constantFrom(...words, ...marks, ...marks, ...ends, ...ends, ...code), { maxLength: 24 })
  .map((pieces) => pieces.join(''))
const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 12 })

/** The text in pieces of these lengths, over and over. */
function split(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}

describe('citationStream', () => {
  test('shows and binds the same in whatever pieces an answer comes', () => {
    fc.assert(
      fc.property(written, cuts, (text, lengths) => {
        const { texts, bound, ...shown } = streamed(split(text, lengths))
        expect(shown).toEqual(atOnce(text))
      }),
      { numRuns: 300 },
    )
  })

  test('binds a statement as soon as the next one begins', () => {
    const { bound } = streamed(['额定流量为 25', ' m3/h [1]', '。', '扬', '程为 32 m [1]。', '\n', '完'])
    expect(bound).toEqual([[], [], [], [1], [], [1], [], []])
  })

  test('binds the last statement when the answer ends', () => {
    expect(streamed(['流量 25 [1]。']).bound).toEqual([[], [1]])
  })

  test('never shows a marker that names no passage, nor half of one, however it comes', () => {
    const text = '流量 25 [9]，扬程 32 [1, 8] 米【7】。'
    for (let length = 1; length < 6; length++) {
      const { texts } = streamed(split(text, [length]))
      for (const [index] of texts.entries()) {
        const soFar = texts.slice(0, index + 1).join('')
        expect('流量 25，扬程 32 [1] 米。'.startsWith(soFar)).toBe(true)
      }
      expect(texts.join('')).toBe('流量 25，扬程 32 [1] 米。')
    }
  })

  test('passes on what can be no marker without delay', () => {
    expect(streamed(['额定', '流量', '为 25', ' m3/h']).texts).toEqual(['额定', '流量', '为 25', ' m3/h', ''])
  })

  test('drops half a marker when the answer is cut off, and keeps it when that is its end', () => {
    expect(streamed(['流量 25 [1'], { isCutOff: true }).text).toBe('流量 25')
    expect(streamed(['流量 25 [1']).text).toBe('流量 25 [1')
  })

  test('reads an answer of many paragraphs without looking at all of it each time', () => {
    const paragraph = '额定流量为 25 m3/h [1]。扬程为 32 m [9]。\n\n'
    const { drafts, invented } = streamed(split(paragraph.repeat(50), [7]))
    expect({ citations: drafts.length, invented }).toEqual({ citations: 50, invented: 50 })
  })
})
