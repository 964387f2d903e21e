import { describe, expect, test } from 'vitest'
import { evenTicks, histogram, linePlot, percentAxis, roundAxis } from '../../../src/cli/render/plots.js'

const x = { label: 'k', min: 0, max: 10, ticks: evenTicks(0, 10, 3, 0) }

describe('linePlot', () => {
  test('puts points where they belong: the axes from corner to corner', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 5, y: 0.5 },
      { x: 10, y: 1 },
    ]
    const html = linePlot([{ name: 'fused', points }], { title: 'Recall', x, y: percentAxis(1), dots: true })
    expect(html).toContain('<polyline points="48,208 244,111 440,14"/>')
    expect(html.match(/<circle/g)).toHaveLength(3)
    expect(html).toContain('<span class="key s0">fused</span>')
    expect(html).toContain('>100 %</text>')
  })

  test('lets no name become markup', () => {
    const html = linePlot([{ name: '<b>', points: [] }], {
      title: '"<i>',
      x: { ...x, label: '<u>' },
      y: percentAxis(1),
    })
    expect(html).not.toMatch(/<[bui]>/)
    expect(html).toContain('aria-label="&quot;&lt;i&gt;"')
  })
})

describe('histogram', () => {
  test('draws for each series which share falls into each bin', () => {
    const html = histogram(
      [
        { name: 'a', values: [0, 0, 0, 1] },
        { name: 'b', values: [1] },
      ],
      { title: 'Scores', label: 'cosine', bins: 2 },
    )
    const heights = [...html.matchAll(/height="([\d.]+)"/g)].map(([, height]) => Number(height))
    // Of 194 pixels: 0.75 and 0.25 of a, 0 and 1 of b.
    expect(heights).toEqual([145.5, 48.5, 0, 194])
  })

  test('draws one value and none', () => {
    expect(histogram([{ name: 'a', values: [0.5] }], { title: '', label: '' })).not.toContain('NaN')
    expect(
      histogram(
        [
          { name: 'a', values: [0.5] },
          { name: 'b', values: [] },
        ],
        { title: '', label: '' },
      ),
    ).not.toContain('NaN')
  })
})

describe('percentAxis', () => {
  test('ends at the first whole step that is enough', () => {
    expect(percentAxis(0.42)).toMatchObject({ max: 0.5, ticks: { length: 6 } })
    expect(percentAxis(1).ticks.map(({ text }) => text)).toEqual(['0 %', '25 %', '50 %', '75 %', '100 %'])
  })
})

describe('roundAxis', () => {
  test.each([
    [33, ['0', '10', '20', '30', '40']],
    [1012, ['0', '200', '400', '600', '800', '1000', '1200']],
    [1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
  ])('ends at or above %d in round steps', (max, texts) => {
    expect(roundAxis(max, 'ms').ticks.map(({ text }) => text)).toEqual(texts)
  })
})
