import { describe, expect, test } from 'vitest'
import { joinLines, joinsWithoutSpace } from '../../../src/ingest/ocr/text-line.js'

describe('joinsWithoutSpace', () => {
  test.each([
    ['中文', '中文', true],
    ['中文，', '中文', true],
    // Recognition takes full-width punctuation for its narrow sister.
    ['中文,', '中文', true],
    ['中文', '(中文', true],
    ['中文', 'Latin', false],
    ['Latin', '中文', false],
    ['one', 'two', false],
    ['1', '2', false],
  ])('%s + %s', (before, after, expected) => {
    expect(joinsWithoutSpace(before, after)).toBe(expected)
  })
})

describe('joinLines', () => {
  test('puts a parted word together and keeps other hyphens', () => {
    expect(joinLines('mainte-', 'nance')).toBe('maintenance')
    expect(joinLines('A4-', 'Paper')).toBe('A4- Paper')
    expect(joinLines('2019 -', '2020')).toBe('2019 - 2020')
  })
})
