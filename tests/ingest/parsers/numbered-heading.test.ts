import { describe, expect, test } from 'vitest'
import { hasParts, numberedHeadingLevel } from '../../../src/ingest/parsers/numbered-heading.js'

describe('numberedHeadingLevel', () => {
  test.each([
    ['第一章 总则', 1],
    ['第三节　劳动报酬', 2],
    ['第十二章', 1],
    ['一、编制过程', 3],
    ['1.2 Scope', 2],
    ['3.4.1 安全帽的检查', 3],
  ])('reads %s as a heading', (line, level) => {
    expect(numberedHeadingLevel(line)).toBe(level)
  })

  test.each([
    '第一条 为了完善劳动合同制度，制定本法。',
    '第一章规定了本法的目的。',
    '1.5 kg of flour',
    '3.14',
    '2.1 The valve is closed.',
    '1.2 Scope 17',
    '1. Open the valve',
    '一、打开阀门，检查压力；',
    '',
  ])('leaves "%s" alone', (line) => {
    expect(numberedHeadingLevel(line)).toBeNull()
  })

  test('puts chapters below parts', () => {
    expect(hasParts(['第一编 总则', '第一章 基本规定'])).toBe(true)
    expect(hasParts(['第一章 总则'])).toBe(false)
    expect(numberedHeadingLevel('第一章 基本规定', { hasParts: true })).toBe(2)
    expect(numberedHeadingLevel('第一编 总则', { hasParts: true })).toBe(1)
  })
})
