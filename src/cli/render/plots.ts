import { escaped } from './html.js'

/** Points of a series, as x and y in the plot's own units. */
export interface Series {
  name: string
  points: readonly { x: number; y: number }[]
}

export interface Axis {
  label: string
  min: number
  max: number
  ticks: readonly { at: number; text: string }[]
}

const width = 460
const height = 260
const inner = { left: 48, right: 440, top: 14, bottom: 208 }

/** A line for each series, with a dot at each point when asked. Colours are classes `s0`, `s1`, … of the page. */
export function linePlot(
  series: readonly Series[],
  { title, x, y, dots = false }: { title: string; x: Axis; y: Axis; dots?: boolean },
): string {
  const place = placing(x, y)
  const drawn = series.map(({ points }, index) => {
    const places = points.map(place)
    const line = places.map((point) => `${round(point.x)},${round(point.y)}`).join(' ')
    const marks = dots ? places.map((point) => `<circle cx="${round(point.x)}" cy="${round(point.y)}" r="3"/>`) : []
    return `<g class="s${index}"><polyline points="${line}"/>${marks.join('')}</g>`
  })
  return figure(title, [...frame(x, y), ...drawn], series)
}

/** Bars side by side: which share of each series' values falls into each of the bins. */
export function histogram(
  series: readonly { name: string; values: readonly number[] }[],
  { title, label, bins = 16 }: { title: string; label: string; bins?: number },
): string {
  const all = series.flatMap(({ values }) => values)
  const [min, max] = [Math.min(...all), Math.max(...all)]
  const step = (max - min) / bins || 1
  const shares = series.map(({ values }) => sharesOf(values, { min, step, bins }))
  const x: Axis = { label, min, max: min + step * bins, ticks: evenTicks(min, min + step * bins, 5, 2) }
  const y = percentAxis(Math.max(...shares.flat(), 0.01))
  const place = placing(x, y)
  const barWidth = ((inner.right - inner.left) / bins - 3) / series.length
  const drawn = shares.map((heights, index) => {
    const bars = heights.map((share, bin) => {
      const top = place({ x: min + step * bin, y: share })
      const left = top.x + 1.5 + index * barWidth
      return `<rect x="${round(left)}" y="${round(top.y)}" width="${round(barWidth)}" height="${round(inner.bottom - top.y)}"/>`
    })
    return `<g class="s${index}">${bars.join('')}</g>`
  })
  return figure(title, [...frame(x, y), ...drawn], series)
}

/** From 0 to at least `max`, which is a share, in whole steps. */
export function percentAxis(max: number, label = ''): Axis {
  const step = max > 0.5 ? 0.25 : max > 0.2 ? 0.1 : 0.05
  const count = Math.ceil(max / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    at: index * step,
    text: `${Math.round(index * step * 100)} %`,
  }))
  return { label, min: 0, max: count * step, ticks }
}

/** `count` ticks from `min` to `max`, evenly. */
export function evenTicks(min: number, max: number, count: number, digits: number): Axis['ticks'] {
  return Array.from({ length: count }, (_, index) => {
    const at = min + ((max - min) * index) / (count - 1)
    return { at, text: at.toFixed(digits) }
  })
}

/** From 0 to at least `max`, in about five steps of 1, 2 or 5 times a power of ten. */
export function roundAxis(max: number, label: string): Axis {
  const power = 10 ** Math.floor(Math.log10(max / 5))
  const step = power * ([1, 2, 5].find((factor) => factor * power * 6 >= max) ?? 10)
  const count = Math.max(1, Math.ceil(max / step - 1e-9))
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return { label, min: 0, max: count * step, ticks: evenTicks(0, count * step, count + 1, digits) }
}

function sharesOf(
  values: readonly number[],
  { min, step, bins }: { min: number; step: number; bins: number },
): number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - min) / step))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts.map((count) => count / (values.length || 1))
}

function placing(x: Axis, y: Axis) {
  const along = (value: number, { min, max }: Axis) => (value - min) / (max - min || 1)
  return (point: { x: number; y: number }) => ({
    x: inner.left + along(point.x, x) * (inner.right - inner.left),
    y: inner.bottom - along(point.y, y) * (inner.bottom - inner.top),
  })
}

function frame(x: Axis, y: Axis): string[] {
  const place = placing(x, y)
  const rows = y.ticks.map(({ at, text }) => {
    const level = round(place({ x: x.min, y: at }).y)
    return `<line class="grid" x1="${inner.left}" x2="${inner.right}" y1="${level}" y2="${level}"/><text class="end" x="${inner.left - 6}" y="${level + 4}">${text}</text>`
  })
  const columns = x.ticks.map(({ at, text }) => {
    const left = round(place({ x: at, y: y.min }).x)
    return `<text class="middle" x="${left}" y="${inner.bottom + 17}">${escaped(text)}</text>`
  })
  const middle = (inner.left + inner.right) / 2
  return [
    ...rows,
    ...columns,
    `<text class="middle label" x="${middle}" y="${inner.bottom + 38}">${escaped(x.label)}</text>`,
  ]
}

function figure(title: string, drawn: readonly string[], series: readonly { name: string }[]): string {
  const names = series.map(({ name }, index) => `<span class="key s${index}">${escaped(name)}</span>`)
  return [
    `<figure><figcaption>${escaped(title)}</figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">${drawn.join('')}</svg>`,
    `<p class="keys">${names.join('')}</p></figure>`,
  ].join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
