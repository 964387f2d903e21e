import { describe, expect, test } from 'vitest'
import { ommlText } from '../../../src/ingest/parsers/omml.js'
import { parseXml } from '../../../src/ingest/parsers/xml.js'

const read = (formula: string) => ommlText(parseXml(Buffer.from(`<m:oMath xmlns:m="m">${formula}</m:oMath>`), 'x'))
const t = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`
const part = (name: string, text: string) => `<m:${name}>${text.startsWith('<') ? text : t(text)}</m:${name}>`
const fraction = (upper: string, lower: string) => `<m:f>${part('num', upper)}${part('den', lower)}</m:f>`
const sup = (base: string, index: string) => `<m:sSup>${part('e', base)}${part('sup', index)}</m:sSup>`
const sub = (base: string, index: string) => `<m:sSub>${part('e', base)}${part('sub', index)}</m:sSub>`
const property = (of: string, name: string, value: string) => `<m:${of}Pr><m:${name} m:val="${value}"/></m:${of}Pr>`

describe('ommlText', () => {
  test.each([
    ['fractions, bracketed where they have to be', `${t('x=')}${fraction('a+b', '2c')}`, 'x = (a+b)/(2c)'],
    ['a fraction of single signs', fraction('mλ', 'a'), 'mλ/a'],
    ['powers and indexes', `${sup('x', 'n+1')}${sub('a', 'i')}${t('b')}`, 'x^(n+1)a_i b'],
    ['negative powers', `${t('2.2×')}${sup('10', '-4')}${t(' rad')}`, '2.2×10^-4 rad'],
    ['primes where they stand', sup('f', '′'), 'f′'],
    [
      'roots',
      `<m:rad>${part('deg', '')}${part('e', 'x+1')}</m:rad><m:rad>${part('deg', '3')}${part('e', 'y')}</m:rad>`,
      '√(x+1)∛y',
    ],
    [
      'sums with their bounds',
      `${t('S=')}<m:nary>${property('nary', 'chr', '∑')}${part('sub', 'i=1')}${part('sup', 'n')}${part('e', sub('x', 'i'))}</m:nary>`,
      'S = ∑_(i=1)^n x_i',
    ],
    ['integrals without bounds', `<m:nary>${part('sub', '')}${part('sup', '')}${part('e', 'xdx')}</m:nary>`, '∫ xdx'],
    ['functions', `<m:func>${part('fName', 'sin')}${part('e', 'θ')}</m:func>`, 'sin θ'],
    ['a function written with its invisible sign', t('sin\u2061θ'), 'sin θ'],
    ['brackets', `<m:d>${property('d', 'begChr', '[')}${part('e', 'a')}${part('e', 'b')}</m:d>`, '[a|b)'],
    [
      'one number above another',
      `<m:d>${part('e', `<m:f>${property('f', 'type', 'noBar')}${part('num', 'n')}${part('den', 'k')}</m:f>`)}</m:d>`,
      '(n over k)',
    ],
    [
      'matrices',
      `<m:m><m:mr>${part('e', '1')}${part('e', '0')}</m:mr><m:mr>${part('e', '0')}${part('e', '1')}</m:mr></m:m>`,
      '[1, 0; 0, 1]',
    ],
    ['marks above letters', `<m:acc>${property('acc', 'chr', '\u20D7')}${part('e', 'v')}</m:acc>`, 'v\u20D7'],
    ['numbered equations', `<m:eqArr>${part('e', 'a=b#(2)')}</m:eqArr>`, 'a = b (2)'],
    ['letters that only formulas have', t('𝑥≤𝛼'), 'x ≤ α'],
    [
      'what was inserted, not what was deleted',
      `<w:ins xmlns:w="w">${t('x')}</w:ins><w:del xmlns:w="w">${t('y')}</w:del>`,
      'x',
    ],
  ])('writes %s', (_, formula, text) => {
    expect(read(formula)).toBe(text)
  })

  test('says nothing for an empty formula', () => {
    expect(read('')).toBe('')
  })
})
