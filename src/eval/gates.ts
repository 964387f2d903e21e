/** A bound that a figure has to keep, such as `ndcg@10=0.5` behind `--min`. */
export interface Gate {
  kind: 'min' | 'max'
  metric: string
  bound: number
}

/** Null when it is not `metric=number` with a number from 0 to 1. */
export function parseGate(kind: Gate['kind'], text: string): Gate | null {
  const [, metric, number] = /^([^=\s]+)=(0|1|0?\.\d+|[01]\.\d+)$/.exec(text) ?? []
  const bound = Number(number)
  return metric === undefined || !(bound <= 1) ? null : { kind, metric, bound }
}

/** The gates whose metric is none of the names. */
export function unknownGates(gates: readonly Gate[], names: readonly string[]): Gate[] {
  return gates.filter(({ metric }) => !names.includes(metric))
}

/** The gates that the figures do not keep, each with its figure. */
export function missedGates(
  gates: readonly Gate[],
  figures: Readonly<Record<string, number>>,
): (Gate & { figure: number })[] {
  return gates.flatMap((gate) => {
    const figure = figures[gate.metric] ?? Number.NaN
    const isKept = gate.kind === 'min' ? figure >= gate.bound : figure <= gate.bound
    return isKept ? [] : [{ ...gate, figure }]
  })
}
