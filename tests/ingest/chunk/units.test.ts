import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentText } from '../../../src/ingest/chunk/document-text.js'
import { cutUnit, splitUnits, writtenUnit } from '../../../src/ingest/chunk/units.js'
import { block, someBlocks } from '../fixtures/blocks.js'

describe('splitUnits', () => {
  test('yields sentences, rows and whole headings', async () => {
    const document = await documentText([
      block('Safety. First', { kind: 'heading', level: 1 }),
      block('Stop. Wait.'),
      block('a | b\n1 | 2', { kind: 'table' }),
    ])
    const texts = [...splitUnits(document)].map(({ span }) => document.text.slice(span.start, span.end))
    expect(texts).toEqual(['Safety. First', 'Stop.', 'Wait.', 'a | b', '1 | 2'])
  })

  test('covers every visible character once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(someBlocks, async (blocks) => {
        const document = await documentText(blocks)
        const covered = [...splitUnits(document)].map(({ span }) => document.text.slice(span.start, span.end))
        expect(covered.join('').replace(/\s/g, '')).toBe(document.text.replace(/\s/g, ''))
      }),
    )
  })

  test('finds the same sentences in a text that is read in windows', async () => {
    const sentences = Array.from({ length: 30_000 }, (_, index) => `No. ${index} must be checked.`)
    const lines = sentences.slice(0, 10_000).map((text, index) => (index === 5000 ? text.repeat(9000) : text))
    const document = await documentText([block(sentences.join(' ')), block(lines.join('\n'), { kind: 'code' })])
    const texts = [...splitUnits(document)].map(({ span }) => document.text.slice(span.start, span.end))
    expect(texts.slice(0, 30_000)).toEqual(sentences)
    expect(texts.slice(30_000, 35_000)).toEqual(lines.slice(0, 5000))
    expect(texts.slice(-4999)).toEqual(lines.slice(5001))
    expect(texts.join('').replace(/\s/g, '')).toBe(document.text.replace(/\s/g, ''))
  })

  test('says of a heading, a table caption and a header row that they lead', async () => {
    const document = await documentText([
      block('一', { kind: 'heading', level: 1 }),
      block('表 1 泵', { kind: 'caption' }),
      block('型号 | 流量\nA | 5', { kind: 'table' }),
      block('图 1 泵', { kind: 'caption' }),
      block('型号 | 流量\nB | 6', { kind: 'table' }),
      block('文。'),
    ])
    const leading = [...splitUnits(document)].filter(({ leads }) => leads)
    expect(leading.map((unit) => document.text.slice(unit.span.start, unit.span.end))).toEqual([
      '一',
      '表 1 泵',
      '型号 | 流量',
      '型号 | 流量',
    ])
  })
})

describe('cutUnit', () => {
  test('gives each piece of a row its columns', async () => {
    const document = await documentText([
      block('甲 | 乙 | 丙\n一一一一一 | 二二二二，二二二二二二 | 三三三', { kind: 'table' }),
    ])
    const [, row] = splitUnits(document)
    if (row === undefined) throw new Error('the table has two rows')
    expect(cutUnit(document, row, 8).map((piece) => writtenUnit(document, piece))).toEqual([
      '甲: 一一一一一',
      '乙: 二二二二，',
      '乙: 二二二二二二',
      '丙: 三三三',
    ])
  })
})
