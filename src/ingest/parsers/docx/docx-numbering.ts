import { listNumber } from '../list-number.js'
import { attribute, childAt, childElements, type XmlElement } from '../xml.js'

/** What stands before a paragraph that Word numbers by itself. */
export interface NumberMark {
  /** Such as `1.2`, `一、` or `(a)`; '-' for a bullet. */
  mark: string
  isBullet: boolean
}

export interface DocxNumbering {
  /** Counts on. Null where the file does not define the list. */
  next(numberId: string, level: number): NumberMark | null
  /** The level that a list ties to a paragraph style; 0 where it ties none. */
  levelOfStyle(numberId: string, style: string): number
}

interface Level {
  start: number
  format: string
  text: string
  isLegal: boolean
  style: string | null
}

interface List {
  abstractId: string
  levels: Level[]
  /** Levels at which this list begins anew, and with which number. */
  restarts: Map<number, number>
}

const deepestLevel = 8
const unnumbered: Level = { start: 1, format: 'decimal', text: '', isLegal: false, style: null }

/** Numbered lists and headings by their definitions (`word/numbering.xml`); null where the file has none. */
export function docxNumbering(root: XmlElement | null): DocxNumbering {
  const lists = root === null ? new Map<string, List>() : readLists(root)
  const counts = new Map<string, number[]>()
  const begun = new Set<string>()
  return {
    levelOfStyle(numberId, style) {
      return Math.max(lists.get(numberId)?.levels.findIndex((level) => level.style === style) ?? 0, 0)
    },
    next(numberId, wanted) {
      const list = lists.get(numberId)
      if (list === undefined) return null
      const at = Math.min(Math.max(wanted, 0), deepestLevel)
      const levels = Array.from({ length: deepestLevel + 1 }, (_, index) => list.levels[index] ?? unnumbered)
      const numbers = counts.get(list.abstractId) ?? []
      if (!begun.has(numberId)) for (const [level, start] of list.restarts) numbers[level] = start - 1
      begun.add(numberId)
      for (let level = 0; level < at; level += 1) numbers[level] ??= levels[level]?.start ?? 1
      numbers[at] = (numbers[at] ?? (levels[at]?.start ?? 1) - 1) + 1
      numbers.length = at + 1
      counts.set(list.abstractId, numbers)
      const { format, text, isLegal } = levels[at] ?? unnumbered
      if (format === 'bullet') return { mark: '-', isBullet: true }
      const mark = text.replace(/%(\d)/g, (_, digit: string) => {
        const level = Number(digit) - 1
        const own = levels[level]?.format ?? 'decimal'
        return listNumber(numbers[level] ?? 1, isLegal && level < at ? 'decimal' : own)
      })
      return { mark: mark.trim(), isBullet: false }
    },
  }
}

function readLists(root: XmlElement): Map<string, List> {
  const abstracts = new Map(
    childElements(root, 'abstractNum').map((one) => [attribute(one, 'abstractNumId') ?? '', one]),
  )
  const byStyle = new Map(
    [...abstracts.values()].flatMap((one): [string, XmlElement][] => {
      const name = valueAt(one, 'styleLink')
      return name === null ? [] : [[name, one]]
    }),
  )
  const lists = new Map<string, List>()
  for (const number of childElements(root, 'num')) {
    const abstractId = valueAt(number, 'abstractNumId') ?? ''
    const abstract = abstracts.get(abstractId)
    if (abstract === undefined) continue
    // A list may only say which list style it follows.
    const levels = levelsOf(byStyle.get(valueAt(abstract, 'numStyleLink') ?? '') ?? abstract)
    const restarts = new Map<number, number>()
    for (const override of childElements(number, 'lvlOverride')) {
      const at = Number(attribute(override, 'ilvl') ?? 0)
      const own = childAt(override, 'lvl')
      if (own !== null) levels[at] = readLevel(own)
      const start = valueAt(override, 'startOverride')
      if (start !== null && at >= 0 && at <= deepestLevel) restarts.set(at, Number(start) || 0)
    }
    lists.set(attribute(number, 'numId') ?? '', { abstractId, levels, restarts })
  }
  return lists
}

function levelsOf(abstract: XmlElement): Level[] {
  const levels: Level[] = []
  for (const element of childElements(abstract, 'lvl')) {
    const at = Number(attribute(element, 'ilvl') ?? 0)
    if (Number.isInteger(at) && at >= 0 && at <= deepestLevel) levels[at] = readLevel(element)
  }
  return Array.from(levels, (level) => level ?? unnumbered)
}

function readLevel(element: XmlElement): Level {
  const legal = childAt(element, 'isLgl')
  return {
    start: Number(valueAt(element, 'start') ?? 1) || 0,
    format: valueAt(element, 'numFmt') ?? 'decimal',
    text: valueAt(element, 'lvlText') ?? '',
    isLegal: legal !== null && !/^(?:0|false|off)$/.test(attribute(legal, 'val') ?? ''),
    style: valueAt(element, 'pStyle'),
  }
}

function valueAt(parent: XmlElement, name: string): string | null {
  const child = childAt(parent, name)
  return child === null ? null : attribute(child, 'val')
}
