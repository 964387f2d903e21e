import { describe, expect, test } from 'vitest'
import { pictureCaption, slideBlocks } from '../../../../src/ingest/parsers/pptx/slide.js'

describe('slideBlocks', () => {
  test('marks notes in the language of the slide, and not where they are empty', () => {
    const notes = [{ kind: 'paragraph' as const, text: 'Stop.' }]
    const marks = (title: string, spoken = notes) =>
      slideBlocks({ title, parts: [], notes: spoken }, { page: 1 })
        .blocks.filter((block) => block.level === 3)
        .map((block) => block.text)
    expect([marks('Steps'), marks('步骤'), marks('步骤', [])]).toEqual([['Notes'], ['备注'], []])
  })
})

describe('pictureCaption', () => {
  test('keeps what a person wrote', () => {
    expect(pictureCaption(' 水泵的剖面图 ')).toBe('水泵的剖面图')
    expect(pictureCaption('Figure 3: the pump')).toBe('Figure 3: the pump')
  })

  test.each([
    '',
    '图片 4',
    'Picture 12',
    '20250807-172441',
    'IMG_0012.JPG',
    'A dog\n\nDescription automatically generated',
  ])('leaves %j out', (description) => {
    expect(pictureCaption(description)).toBeNull()
  })
})
