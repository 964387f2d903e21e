import { describe, expect, test } from 'vitest'
import { missedGates, parseGate, unknownGates } from '../../src/eval/gates.js'

describe('parseGate', () => {
  test('takes a metric and a bound from 0 to 1', () => {
    expect(parseGate('min', 'fused.ndcg@10=.5')).toEqual({ kind: 'min', metric: 'fused.ndcg@10', bound: 0.5 })
    expect(parseGate('max', 'falseAnswers=0')).toEqual({ kind: 'max', metric: 'falseAnswers', bound: 0 })
  })

  test.each(['hit@5', 'hit@5=', 'hit@5=90', 'hit@5=1.5', 'hit@5=x', '=0.5', 'hit@5=-1'])('does not take %s', (text) => {
    expect(parseGate('min', text)).toBeNull()
  })
})

describe('missedGates', () => {
  test('names those whose figure is on the wrong side of the bound', () => {
    const gates = [
      { kind: 'min', metric: 'a', bound: 0.5 },
      { kind: 'min', metric: 'b', bound: 0.5 },
      { kind: 'max', metric: 'a', bound: 0.5 },
      { kind: 'max', metric: 'b', bound: 0.5 },
    ] as const
    const missed = missedGates(gates, { a: 0.5, b: 0.4 })
    expect(missed).toEqual([{ kind: 'min', metric: 'b', bound: 0.5, figure: 0.4 }])
    expect(missedGates(gates.slice(2), { a: 0.6, b: 0.5 })).toMatchObject([{ kind: 'max', metric: 'a' }])
  })
})

describe('unknownGates', () => {
  test('are those whose metric is not among the names', () => {
    const gate = { kind: 'min', metric: 'a', bound: 0.5 } as const
    expect(unknownGates([gate, { ...gate, metric: 'b' }], ['a'])).toEqual([{ ...gate, metric: 'b' }])
  })
})
