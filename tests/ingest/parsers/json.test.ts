import { describe, expect, test } from 'vitest'
import { jsonParser } from '../../../src/ingest/parsers/json.js'
import { parseContext } from '../../support/parse-context.js'

const parse = (source: string) => jsonParser().parse(Buffer.from(source), parseContext('a.json'))
const blocksOf = async (source: string) => (await parse(source)).blocks.map(({ kind, text }) => [kind, text])

describe('jsonParser', () => {
  test('reads records as a table, also one a line', async () => {
    const table = [['table', '型号 | 流量 | 备注\nIH65 | 25\nIH80 | 50 | 备用']]
    expect(await blocksOf('[{"型号":"IH65","流量":25,"备注":null},{"型号":"IH80","流量":50,"备注":"备用"}]')).toEqual(
      table,
    )
    expect(await blocksOf('{"型号":"IH65","流量":25}\n\n{"型号":"IH80","流量":50,"备注":"备用"}\n')).toEqual(table)
  })

  test('keeps what is laid out, and lays out what is not', async () => {
    expect(await blocksOf('{\n  "a": [1]\n}')).toEqual([['code', '{\n  "a": [1]\n}']])
    const packed = JSON.stringify({ text: '长'.repeat(600), list: [1] })
    expect((await blocksOf(packed))[0]?.[1]).toMatch(/^\{\n {2}"text": "长+",\n {2}"list": \[\n {4}1/)
  })

  test('reads what is no JSON as it stands, and says so', async () => {
    const parsed = await parse('{"a": 1,}')
    expect(parsed.blocks).toMatchObject([{ kind: 'code', text: '{"a": 1,}' }])
    expect(parsed.warnings).toHaveLength(1)
  })

  test('reads nesting deeper than the stack', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect((await parse(deep)).blocks.length).toBeGreaterThan(0)
  })
})
