import { describe, expect, test } from 'vitest'
import { type CellRange, sheetRows } from '../../../../src/ingest/parsers/sheet/sheet-grid.js'
import { sheetParts } from '../../../../src/ingest/parsers/sheet/sheet-tables.js'

/** A sheet drawn with `|` between cells; an empty line is an empty row. */
function partsOf(drawing: string, merges: CellRange[] = []) {
  const rows = drawing.split('\n').flatMap((line, index) => {
    const cells = line.split('|').map((cell) => cell.trim())
    return cells.some((cell) => cell !== '') ? [{ index, cells, copied: new Set<number>() }] : []
  })
  return sheetParts(sheetRows(rows, { merges, budget: { left: 10_000, limit: 10_000 } })).map((part) =>
    part.kind === 'table'
      ? { [part.hasHeader ? 'table' : 'headless']: part.rows.map((row) => row.filter((cell) => cell !== '').join('|')) }
      : { [part.kind]: part.text },
  )
}

describe('sheetParts', () => {
  test('parts tables at empty rows, each with its own header', () => {
    expect(partsOf('名称|数量\n泵|2\n\n地点|负责人\n东|张三')).toEqual([
      { table: ['名称|数量', '泵|2'] },
      { table: ['地点|负责人', '东|张三'] },
    ])
  })

  test('takes a title above a table for its caption, also when it is merged across', () => {
    const merges = [{ top: 0, left: 0, bottom: 0, right: 2 }]
    expect(partsOf('设备台账||\n名称|数量|备注\n泵|2|新', merges)).toEqual([
      { caption: '设备台账' },
      { table: ['名称|数量|备注', '泵|2|新'] },
    ])
  })

  test('takes a unit and a date above the header for a caption', () => {
    expect(partsOf('单位：吨|||日期：5月\n名称|数量|厂家|备注\n泵|2|甲|新')).toEqual([
      { caption: '单位：吨 日期：5月' },
      { table: ['名称|数量|厂家|备注', '泵|2|甲|新'] },
    ])
  })

  test('joins header rows under a merged cell', () => {
    const merges = [
      { top: 0, left: 0, bottom: 1, right: 0 },
      { top: 0, left: 1, bottom: 0, right: 2 },
    ]
    expect(partsOf('部件|2023年|\n|上半年|下半年\n泵|3|4\n阀|5|6', merges)).toEqual([
      { table: ['部件|2023年 上半年|2023年 下半年', '泵|3|4', '阀|5|6'] },
    ])
  })

  test('joins a header with the figures that an empty row parts from it', () => {
    expect(partsOf('项目|收入|成本\n\n甲|3|4\n乙|5|6')).toEqual([{ table: ['项目|收入|成本', '甲|3|4', '乙|5|6'] }])
  })

  test('puts figures below a table under its header', () => {
    expect(partsOf('项目|收入\n甲|3\n\n合计|8')).toEqual([
      { table: ['项目|收入', '甲|3'] },
      { table: ['项目|收入', '合计|8'] },
    ])
    expect(partsOf('项目|收入\n甲|3\n\n合计|8|9')).toEqual([
      { table: ['项目|收入', '甲|3'] },
      { headless: ['合计|8|9'] },
    ])
  })

  test('parts tables that stand side by side at different heights', () => {
    expect(partsOf('名称|数量|\n泵|2\n阀|3||地点|人\n管|4||东|张\n盖|5||西|李')).toEqual([
      { table: ['名称|数量', '泵|2', '阀|3', '管|4', '盖|5'] },
      { table: ['地点|人', '东|张', '西|李'] },
    ])
  })

  test('keeps a table together over an empty column', () => {
    expect(partsOf('名称|数量||备注\n泵|2||新\n阀|3||旧')).toEqual([
      { table: ['名称|数量|备注', '泵|2|新', '阀|3|旧'] },
    ])
  })

  test('writes a row that is merged across the table once', () => {
    const merges = [{ top: 1, left: 0, bottom: 1, right: 1 }]
    expect(partsOf('名称|数量\n一、机械\n泵|2', merges)).toEqual([{ table: ['名称|数量', '一、机械', '泵|2'] }])
  })

  test('takes single cells for prose, and a longer column of short ones for a list', () => {
    expect(partsOf('说明：本表每月更新。')).toEqual([{ paragraph: '说明：本表每月更新。' }])
    expect(partsOf('部件\n泵\n阀')).toEqual([{ table: ['部件', '泵', '阀'] }])
  })
})
