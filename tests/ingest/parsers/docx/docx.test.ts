import { describe, expect, test } from 'vitest'
import { docxParser } from '../../../../src/ingest/parsers/docx/docx.js'
import { parseContext } from '../../../support/parse-context.js'
import { heading, makeDocx, paragraph, table } from '../../fixtures/docx.js'

const parse = (bytes: Uint8Array) => docxParser().parse(bytes, parseContext('a.docx'))

describe('docxParser', () => {
  test('keeps headings, paragraphs and tables', async () => {
    const bytes = await makeDocx([
      heading('设备手册', 1),
      heading('维护', 2),
      paragraph('每月检查一次。'),
      table([
        ['部件', '周期'],
        ['滤芯', '每月'],
      ]),
    ])
    const { blocks, title, pageCount } = await parse(bytes)
    expect(title).toBe('设备手册')
    expect(pageCount).toBeNull()
    expect(blocks).toEqual([
      { kind: 'heading', text: '设备手册', page: null, headingPath: [], level: 1 },
      { kind: 'heading', text: '维护', page: null, headingPath: ['设备手册'], level: 2 },
      { kind: 'paragraph', text: '每月检查一次。', page: null, headingPath: ['设备手册', '维护'] },
      { kind: 'table', text: '部件 | 周期\n滤芯 | 每月', page: null, headingPath: ['设备手册', '维护'] },
    ])
  })

  test('takes numbered paragraphs for headings only where the document has no heading styles', async () => {
    const plain = await parse(await makeDocx([paragraph('第一章 总则'), paragraph('正文在此。')]))
    expect(plain.blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph'])
    const styled = await parse(await makeDocx([heading('手册', 1), paragraph('第一章 总则')]))
    expect(styled.blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph'])
  })

  test('says that an archive without a document is damaged', async () => {
    await expect(parse(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
