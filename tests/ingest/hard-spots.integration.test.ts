import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { BlockKind } from '../../src/core/types.js'
import { parseFile } from '../../src/ingest/parse/parse-file.js'
import { parseContext } from '../support/parse-context.js'

const documents = fileURLToPath(new URL('../../data/sample/documents', import.meta.url))

interface HardSpot {
  kind: BlockKind
  /** Null where the format has no pages. */
  page: number | null
  /** The innermost heading above it. */
  below: string | null
  text: string
}

/** One place of each sample document that is easily read wrong, written down from the source that the document was made from. */
const hardSpots: Record<string, HardSpot> = {
  '2025-03质量例会纪要.txt': spot(
    'paragraph',
    null,
    '一、二月份质量数据',
    '废品中气孔占 46%，砂眼占 28%，冷隔占 11%。',
  ),
  '2025年产品价格表.csv': spot('table', null, null, 'P-2006 | HQ41F-16P | DN100 手动 | 只 | 2015 | 2 | 2 周'),
  'HCZ50-160-data-sheet.html': spot('table', null, 'Construction', 'Casing and impeller | CF8M, optional CF3M'),
  'HCZ65-200A化工离心泵产品规格书.md': spot('table', null, '2 性能参数', '50 m³/h | 50.0 m | 62% | 11.0 kW'),
  'HCZ65-200H高温化工离心泵产品规格书.docx': spot(
    'caption',
    null,
    '2 性能参数',
    '表 2 流量与扬程对照（叶轮直径 212 mm）',
  ),
  'HCZ65-200系列维护手册.pdf': spot('table', 3, '1.2 适用型号', '密封形式 | 单端面机械密封 | 集装式双端面机械密封'),
  'HD71X对夹蝶阀技术参数.md': spot('table', null, '尺寸与质量', 'DN300 | 78 mm | 41.5 kg | 560 N·m'),
  'HQ41F浮动球阀产品规格书.html': spot(
    'table',
    null,
    '3 尺寸、质量与扭矩',
    '公称尺寸 | 结构长度 | 16P 质量 | 25P 质量 | 16P 扭矩 | 25P 扭矩',
  ),
  'QP-08来料检验程序V2.0(2022).docx': spot('caption', null, '5 抽样', '表 1 抽样方案（2022）'),
  'QP-08来料检验程序V3.0(2025).docx': spot(
    'list',
    null,
    '3 职责',
    '- 让步接收由总工程师批准；涉及承压件的，还须征得客户书面同意。',
  ),
  'export-installation-guide.pdf': spot(
    'table',
    3,
    '1.2 Models covered',
    'HCZ65-200H | Centreline mounted | 428 kg | 1620 x 720 x 910 mm',
  ),
  'warranty-statement-export.md': spot(
    'table',
    null,
    '1. Warranty period',
    'Mechanical seals | 4000 running hours or 9 months from start-up, whichever ends first',
  ),
  '售后常见问题.html': spot(
    'paragraph',
    null,
    '介质密度不是 1，电机怎么配？',
    'H 型超过 1.22 kg/L 时应改配 22 kW 电机。',
  ),
  '培训通知-机械密封装配.txt': spot(
    'paragraph',
    null,
    '一、时间',
    '2025 年 4 月 22 日至 24 日，每天 8:30 至 17:00，共 21 学时。4 月 24 日下午考核。',
  ),
  '备件清单.csv': spot(
    'table',
    null,
    null,
    '65H-4330 | 机械密封 | HCZ65-200H | HS208-50 | 9 套 | C-02-4 | 8760 | 30 天',
  ),
  '安全生产规程.pdf': spot('table', 3, '2.1 配备标准', '防砸安全鞋 | 机加工、装配、仓储 | 12 个月'),
  '循环水泵房密封泄漏事故报告.md': spot(
    'list',
    null,
    '3.2 间接原因',
    '1. 二级保养超期。该泵应在 2024 年 8 月作二级保养，实际没有执行，超期 86 天。',
  ),
  '成品仓储与发货管理规定.txt': spot(
    'paragraph',
    null,
    null,
    '在库超过 12 个月的泵，出库前由装配车间重新盘车、换油并作气密试验。',
  ),
  '质保条款.md': spot(
    'table',
    null,
    '第一条 保证期',
    'HCZ 系列离心泵（整机） | 自投运之日起 12 个月，或自发货之日起 18 个月，以先到者为准',
  ),
  '铸件供货协议(2025).docx': spot('table', null, '第二条 价格', 'CF3M | 5 kg 至 50 kg | 49.2 元/kg'),
}

function spot(kind: BlockKind, page: number | null, below: string | null, text: string): HardSpot {
  return { kind, page, below, text }
}

describe('parseFile', () => {
  test.each(Object.entries(hardSpots))('reads the hard spot of %s', async (fileName, { kind, page, below, text }) => {
    const file = await parseFile(join(documents, fileName), parseContext(fileName))
    const found = file.blocks.find((block) => block.kind === kind && block.text.includes(text))
    expect(found).toMatchObject({ kind, page })
    expect(found?.headingPath.at(-1) ?? null).toBe(below)
    // A row of a table stands alone on its line, with nothing joined to it.
    if (kind === 'table') expect(found?.text.split('\n').some((line) => line.startsWith(text))).toBe(true)
  })

  test('has a hard spot for every sample document', async () => {
    expect(Object.keys(hardSpots).sort()).toEqual((await readdir(documents)).sort())
    expect(Object.keys(hardSpots)).toHaveLength(20)
  })
})
