import { describe, expect, test } from 'vitest'
import { captionStart } from '../../../../src/ingest/parsers/pdf/pdf-captions.js'

describe('captionStart', () => {
  test('knows captions by their number and what follows it', () => {
    for (const text of [
      'Table 3. Limits',
      'Figure 2: The pump',
      'Fig. 4',
      '表 2-1：材料',
      '【表２】',
      '图 3　流程',
      'Fig. 2 – Flow',
    ]) {
      expect([text, captionStart(text)]).toEqual([text, 'sure'])
    }
    for (const text of ['表 3 离心泵性能参数', '图1-2 工艺流程', 'Table 4 Limits of operation', '续表 3 性能参数']) {
      expect([text, captionStart(text)]).toEqual([text, 'likely'])
    }
  })

  test('leaves sentences that only speak of a table', () => {
    for (const text of [
      'Table 3 shows the limits of operation.',
      '表 3 所示为离心泵的性能',
      '表 3 列出了性能参数。',
      '图 2 中的阀门',
      'Table of contents',
      '表示方法',
      'Figures are rounded.',
    ]) {
      expect([text, captionStart(text)]).toEqual([text, null])
    }
  })
})
