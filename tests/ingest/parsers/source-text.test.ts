import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeBlocks, sourceTextParser } from '../../../src/ingest/parsers/source-text.js'
import { parseContext } from '../../support/parse-context.js'

describe('sourceTextParser', () => {
  test('keeps code as it is, indented', async () => {
    const { blocks } = await sourceTextParser().parse(Buffer.from('\nif a:\n\tb()\n'), parseContext('a.py'))
    expect(blocks).toMatchObject([{ kind: 'code', text: 'if a:\n\tb()' }])
  })
})

describe('codeBlocks', () => {
  test('parts where something new begins at the margin', () => {
    const body = Array.from({ length: 24 }, (_, line) => `  line ${line}`).join('\n')
    const blocks = codeBlocks(`def a():\n${body}\n\n  more\n\ndef b():\n  pass`)
    expect(blocks).toHaveLength(2)
    expect(blocks[1]).toBe('def b():\n  pass')
  })

  test('keeps every line, in pieces of at most eighty', () => {
    const line = fc.constantFrom('', 'a', '  b', '\tc')
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), (lines) => {
        const blocks = codeBlocks(lines.join('\n'))
        expect(blocks.join('\n')).toBe(lines.join('\n'))
        for (const block of blocks) expect(block.split('\n').length).toBeLessThanOrEqual(81)
      }),
    )
  })
})
