import { describe, expect, test } from 'vitest'
import { fitLogistic } from '../../src/eval/logistic.js'

const examples = Array.from({ length: 60 }, (_, at) => ({
  features: [at / 60, 1000 + (at % 7), 5],
  label: at >= 30 || at % 10 === 0,
}))

describe('fitLogistic', () => {
  test('weighs what tells the labels apart, in its own unit, and nothing that never changes', () => {
    const { weights } = fitLogistic(examples, { ridge: 1 })
    const [telling = 0, noise = 0, constant] = weights
    expect(telling).toBeGreaterThan(1)
    expect(Math.abs(noise * 3)).toBeLessThan(telling / 4)
    expect(constant).toBeCloseTo(0)
  })

  test('is the same whatever unit a feature is given in', () => {
    const inPercent = examples.map(({ features: [share = 0, ...rest], label }) => ({
      features: [share * 100, ...rest],
      label,
    }))
    const [first = 0] = fitLogistic(examples, { ridge: 1 }).weights
    const [percent = 0] = fitLogistic(inPercent, { ridge: 1 }).weights
    expect(percent * 100).toBeCloseTo(first)
  })

  test('has both labels weigh the same, however many each has', () => {
    const rare = [...Array.from({ length: 90 }, () => true), ...Array.from({ length: 10 }, () => false)]
    const { bias } = fitLogistic(
      rare.map((label, at) => ({ features: [at % 2], label })),
      { ridge: 1 },
    )
    expect(Math.abs(bias)).toBeLessThan(0.1)
  })
})
