import type { LossList } from '../losses.js'
import { attribute, childAt, childElements, elementsNamed, textOf, type XmlElement } from '../xml.js'
import type { SlideBlock } from './slide.js'

/** More points than this are a curve, of which single values say nothing. */
const mostPoints = 500

/**
 * A chart's titles as a caption, and its numbers as a table: a column for each series, a row for each category.
 * @param chartSpace null where the file does not have the chart
 * @param page of the loss, where the numbers cannot be read
 */
export function chartBlocks(
  chartSpace: XmlElement | null,
  { losses, page = null }: { losses: LossList; page?: number | null },
): SlideBlock[] {
  const chart = chartSpace === null ? null : childAt(chartSpace, 'chart')
  if (chart === null) {
    losses.add('object', 'charts of a kind that cannot be read', page)
    return []
  }
  const plot = childAt(chart, 'plotArea')
  const axes = plot === null ? [] : childElements(plot).filter((child) => child.name.endsWith('Ax'))
  const caption = [chart, ...axes].map(titleOf).filter((title) => title !== '')
  const blocks: SlideBlock[] = caption.length === 0 ? [] : [{ kind: 'caption', text: caption.join('; ') }]
  const series = plot === null ? [] : elementsNamed(plot, 'ser')
  const rows = rowsOf(series)
  if (rows.length === 0) losses.add('object', 'charts without saved values', page)
  else if (rows.length > mostPoints)
    losses.add('object', `the single values of charts with more than ${mostPoints}`, page)
  else blocks.push({ kind: 'table', rows: [['', ...series.map(seriesName)], ...rows], hasHeader: true })
  return blocks
}

function rowsOf(series: readonly XmlElement[]): string[][] {
  const values = series.map((one) => points(childAt(one, 'val') ?? childAt(one, 'yVal')))
  const categories = series
    .map((one) => points(childAt(one, 'cat') ?? childAt(one, 'xVal')))
    .find((one) => one.size > 0)
  const indexes = [...new Set(values.flatMap((one) => [...one.keys()]))].sort((one, other) => one - other)
  return indexes.map((index) => [
    categories?.get(index) ?? `${index + 1}`,
    ...values.map((one) => one.get(index) ?? ''),
  ])
}

function titleOf(owner: XmlElement): string {
  const title = childAt(owner, 'title')
  const parts = title === null ? [] : [...elementsNamed(title, 't'), ...elementsNamed(title, 'v')]
  return parts.map(textOf).join('').trim()
}

function seriesName(series: XmlElement): string {
  const name = childAt(series, 'tx')
  return name === null ? '' : elementsNamed(name, 'v').map(textOf).join(' ').trim()
}

/** What the file keeps of its cells, by their number. */
function points(source: XmlElement | null): Map<number, string> {
  const cache =
    source === null
      ? null
      : ((['strCache', 'numCache', 'lvl'] as const)
          .map((name) => elementsNamed(source, name)[0])
          .find((found) => found !== undefined) ?? null)
  if (cache === null) return new Map()
  const format = childAt(cache, 'formatCode')
  const isPercent = format !== null && textOf(format).includes('%')
  return new Map(
    childElements(cache, 'pt').flatMap((point): [number, string][] => {
      const value = childAt(point, 'v')
      const index = Number(attribute(point, 'idx'))
      if (value === null || !Number.isInteger(index)) return []
      return [[index, cache.name === 'numCache' ? numberText(textOf(value), isPercent) : textOf(value).trim()]]
    }),
  )
}

/** As a person would write it: 0.1 + 0.2 is kept as 0.30000000000000004. */
function numberText(raw: string, isPercent: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw.trim()
  return isPercent ? `${Number((value * 100).toPrecision(12))}%` : `${Number(value.toPrecision(12))}`
}
