import { describe, expect, test } from 'vitest'
import { mathmlText } from '../../../src/ingest/parsers/mathml.js'
import { parseXml } from '../../../src/ingest/parsers/xml.js'

const read = (formula: string) => mathmlText(parseXml(Buffer.from(`<math>${formula}</math>`), 'x'))
const mi = (text: string) => `<mi>${text}</mi>`
const mn = (text: string) => `<mn>${text}</mn>`
const mo = (text: string) => `<mo>${text}</mo>`

describe('mathmlText', () => {
  test.each([
    [
      'fractions',
      `${mi('x')}${mo('=')}<mfrac><mrow>${mi('a')}${mo('+')}${mi('b')}</mrow>${mn('2')}</mfrac>`,
      'x = (a+b)/2',
    ],
    ['powers and indexes', `<msubsup>${mi('x')}${mi('i')}${mn('2')}</msubsup>${mi('y')}`, 'x_i^2 y'],
    [
      'sums with their bounds',
      `<munderover>${mo('∑')}<mrow>${mi('i')}${mo('=')}${mn('1')}</mrow>${mi('n')}</munderover>${mi('x')}`,
      '∑_(i=1)^n x',
    ],
    ['roots', `<msqrt>${mi('x')}${mo('+')}${mn('1')}</msqrt><mroot>${mi('y')}${mn('3')}</mroot>`, '√(x+1)∛y'],
    ['functions', `${mi('sin')}${mo('\u2061')}${mi('θ')}`, 'sin θ'],
    ['functions without their invisible sign', `${mi('cos')}${mi('φ')}`, 'cos φ'],
    ['fences', `<mfenced open="[" close="]">${mi('a')}${mi('b')}</mfenced>`, '[a, b]'],
    ['matrices', `<mtable><mtr><mtd>${mn('1')}</mtd><mtd>${mn('0')}</mtd></mtr></mtable>`, '[1, 0]'],
    ['marks above letters', `<mover>${mi('v')}${mo('→')}</mover>`, 'v\u20D7'],
    [
      'only one of the forms that it offers',
      `<semantics><mrow>${mi('x')}</mrow><annotation>{x}</annotation></semantics>`,
      'x',
    ],
  ])('writes %s', (_, formula, text) => {
    expect(read(formula)).toBe(text)
  })
})
