import { describe, expect, test } from 'vitest'
import { glossaryReader, withSynonyms } from '../../src/core/glossary.js'

const entry = (term: string, ...synonyms: string[]) => ({ term, meaning: '', synonyms })
const glossary = [entry('泵头', '叶轮'), entry('MTBF'), entry('seal', 'mechanical seal'), entry('IH')]
const named = (text: string) => glossaryReader(glossary)(text).map(({ term }) => term)

describe('glossaryReader', () => {
  test('finds entries by their term and by their synonyms', () => {
    expect(named('叶轮多久更换一次？')).toEqual(['泵头'])
    expect(named('泵头和 MTBF')).toEqual(['泵头', 'MTBF'])
  })

  test('makes no difference of case, width and traditional characters', () => {
    expect(named('ＭＴＢＦ 是多少')).toEqual(['MTBF'])
    expect(named('葉輪')).toEqual(['泵头'])
  })

  test('takes Latin words whole, also beside Chinese ones', () => {
    expect(named('IH65 and sealed')).toEqual([])
    expect(named('换IH的SEAL')).toEqual(['seal', 'IH'])
  })
})

describe('withSynonyms', () => {
  test('adds the names that the text does not have itself', () => {
    expect(withSynonyms('泵头多久换？', glossary)).toBe('泵头多久换？ 叶轮')
    expect(withSynonyms('mechanical seal', glossary)).toBe('mechanical seal')
  })

  test('leaves a text alone that names no entry', () => {
    expect(withSynonyms('轴承温度', glossary)).toBe('轴承温度')
  })
})
