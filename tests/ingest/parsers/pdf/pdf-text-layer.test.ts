import { describe, expect, test } from 'vitest'
import type { Drawing } from '../../../../src/ingest/parsers/pdf/pdf-drawing.js'
import type { PageText } from '../../../../src/ingest/parsers/pdf/pdf-page.js'
import { textLayer } from '../../../../src/ingest/parsers/pdf/pdf-text-layer.js'

const drawing = (change: Partial<Drawing> = {}): Drawing => ({
  rulings: [],
  pictureShare: 0,
  pathPoints: 0,
  hiddenShare: 0,
  ...change,
})
const page = (text: string, controls = 0): PageText => ({
  width: 600,
  height: 800,
  frame: { width: 600, height: 800, turns: 0, isMirrored: false },
  runs: text === '' ? [] : [{ text, x: 0, y: 0, width: 100, size: 10, font: 'f1' }],
  aside: [],
  controls,
})
const layer = (text: string, change: Partial<Drawing> = {}, controls = 0) =>
  textLayer(page(text, controls), drawing(change))

const english = 'The pump is started from the control room after the operator has checked the oil level. '.repeat(4)
const longer =
  'Before each shift the machine is cleaned with a damp cloth, and loose chips are swept into the box beneath the bench. Nothing may lie on the guide ways while the table moves. Whoever finds a leak tells the foreman at once and shuts the main valve; the seal is then changed within the hour. Oil that has been spilled is soaked up with sand, never with sawdust, because the latter catches fire too easily.'
const vietnamese = 'Máy bơm được khởi động từ phòng điều khiển sau khi người vận hành đã kiểm tra mức dầu. '.repeat(4)
const polish =
  'Pompę uruchamia się z pomieszczenia sterowni po sprawdzeniu poziomu oleju i ciśnienia na ssaniu. '.repeat(4)
const russian = 'Насос запускают со щита управления после того как оператор проверил уровень масла. '.repeat(4)
const chinese = '离心泵在启动前应当检查润滑油的油位并确认出口阀门已经关闭，型号为 IH65-50-160，流量 25 m³/h。'.repeat(4)
const formulas = 'Σ α² + β ≤ √γ ∫ f(x) dx ≈ 3.14 × 10⁻³ Δt → ∞, θ ∈ Ω. '.repeat(4)
const parts = 'SKF-6205-2RS DN50 PN16 X5CrNi18-10 VBBX-3 QKJ-77 '.repeat(3)

describe('textLayer', () => {
  test('takes texts in any language, formulas and part numbers for good', () => {
    for (const text of [english, vietnamese, polish, russian, chinese, formulas, parts]) {
      expect([text.slice(0, 20), layer(text)]).toEqual([text.slice(0, 20), 'good'])
    }
  })

  test('knows fonts that do not say their characters', () => {
    const share = (bad: string) => english.replace(/e/g, bad)
    expect(layer(chinese.replace(/[泵阀油在]/g, '\uFFFD').replace(/[启动检查]/g, '\uE012'))).toBe('garbled')
    expect(layer(english, {}, 30)).toBe('garbled')
    expect(layer(english, {}, 3)).toBe('good')
    expect(layer(share('\uE001').slice(0, 60))).toBe('good')
  })

  test('knows Chinese bytes that were taken for Latin ones, letters that are moved, and mixed alphabets', () => {
    const asLatin = Buffer.from([...chinese].map((_, index) => 0xc0 + (index % 60))).toString('latin1')
    expect(layer(`${asLatin} ${asLatin} ${asLatin}`)).toBe('garbled')
    expect([
      layer(longer),
      layer(longer.replace(/[a-z]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 29))),
    ]).toEqual(['good', 'garbled'])
    expect(layer('puмp oиl vaлve gаuge flоw ratе stаrt stоp heаt '.repeat(4))).toBe('garbled')
  })

  test('tells a blank page from one whose text is missing', () => {
    expect(layer('')).toBe('blank')
    expect(layer('', { pathPoints: 40 })).toBe('blank')
    expect(layer('', { pictureShare: 0.9 })).toBe('missing')
    expect(layer('', { pathPoints: 4000 })).toBe('missing')
    expect(textLayer(page(''), null)).toBe('blank')
  })

  test('doubts only hidden text that reads badly', () => {
    const spaced = 't h e p u m p i s s t a r t e d f r o m t h e r o o m a f t e r '.repeat(2)
    expect(layer(spaced)).toBe('good')
    expect(layer(spaced, { hiddenShare: 1, pictureShare: 1 })).toBe('garbled')
    expect(layer(english, { hiddenShare: 1, pictureShare: 1 })).toBe('good')
    expect(layer(chinese, { hiddenShare: 1, pictureShare: 1 })).toBe('good')
  })
})
