import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ingestReport, type ReportOptions } from '../../../src/cli/render/ingest-report.js'
import { fileEvent } from '../../../src/ingest/sync/sync-events.js'

const options: ReportOptions = {
  paths: ['./docs', './more'],
  knowledgeBase: 'pumps',
  startedAt: new Date('2026-01-05T08:00:00Z'),
  seconds: 75,
  dryRun: false,
  isComplete: true,
  language: 'en',
}
const losses = [{ kind: 'page' as const, count: 2, pages: [3, 4], reason: 'it is damaged' }]
const problem = { code: 'password_required', message: 'it has a password', remedy: 'give it' }
const events = [
  fileEvent('/a.pdf', 'added', { pages: 9, chunks: 30, tables: 2, ocr: 1, seconds: 3.21 }),
  fileEvent('/b.pdf', 'updated', { pages: 4, chunks: 7, losses, warnings: ['it says a wrong date'] }),
  fileEvent('/c.pdf', 'failed', { problem }),
  fileEvent('/d.md', 'moved', { from: '/old/d.md' }),
  fileEvent('/e.zip!/f.md', 'unchanged', { container: '/e.zip' }),
  fileEvent('/g.md', 'removed'),
]

/** The rows of the table of files, each as the texts of its cells. */
function rows(html: string): string[][] {
  return [...html.matchAll(/^<tr data-r.*<\/tr>$/gm)].map(([row]) =>
    row
      .split('</td>')
      .slice(0, -1)
      .map((cell) =>
        cell
          .replace(/<\/div>/g, ' ')
          .replace(/<[^>]*>/g, '')
          .trim(),
      ),
  )
}

describe('ingestReport', () => {
  test('has a row for each file: result, change, sizes, losses, warnings, reasons and time', () => {
    expect(rows(ingestReport(events, options))).toEqual([
      ['/a.pdf', 'read', 'added', '9', '30', '2', '1', '', '3.2'],
      [
        '/b.pdf',
        'partly read',
        'updated',
        '4',
        '7',
        '0',
        '0',
        '2 × pages (p. 3, 4): it is damaged it says a wrong date',
        '',
      ],
      ['/c.pdf', 'refused', 'failed', '', '', '', '', 'password_required it has a password remedy: give it', ''],
      ['/d.md', 'read', 'moved', '', '0', '0', '0', 'from /old/d.md', ''],
      ['/e.zip!/f.md', 'read', 'unchanged', '', '0', '0', '0', '', ''],
      ['/g.md', 'removed', 'removed', '', '', '', '', '', ''],
    ])
  })

  test('has totals, reasons and losses on top', () => {
    const html = ingestReport(events, options)
    for (const [count, name] of [
      [6, 'Files'],
      [13, 'Pages'],
      [37, 'Chunks'],
      [2, 'Tables'],
      [1, 'OCR pages'],
    ]) {
      expect(html).toContain(`>${count}</b>${name}</li>`)
    }
    expect(html).toContain('<b class="partly">1</b>partly read')
    expect(html).toContain('<td>password_required</td><td class="n">1</td>')
    expect(html).toContain('<td>pages</td><td class="n">2</td>')
    expect(html).toContain('<dd>./docs, ./more</dd>')
    expect(html).toContain('<dd>1 min 15 s</dd>')
  })

  test('says in which state it is, in two languages', () => {
    expect(ingestReport([], options)).not.toContain('class="note"')
    expect(ingestReport([], { ...options, isComplete: false })).toContain('The run was stopped')
    const html = ingestReport(events, { ...options, dryRun: true, language: 'zh' })
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toContain('试运行')
    expect(rows(html)[0]?.slice(0, 3)).toEqual(['/a.pdf', '尚未读取', '新增'])
  })

  test('shows any text as it is and lets none of it become markup', () => {
    const tags = (page: string) => page.slice(page.indexOf('<body>')).match(/<\/?[a-z]+/g) ?? []
    const bare = tags(ingestReport([fileEvent('x', 'failed')], options))
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('<', '"', "'", '&', '</script>', '<!--'),
        (text, evil) => {
          const all = `${text}${evil}`
          const event = fileEvent(all, 'failed', {
            problem: { code: 'x', message: all, remedy: all },
            warnings: [all],
            from: all,
            losses: [{ kind: 'text', count: 1, pages: [], reason: all }],
          })
          const html = ingestReport([event], { ...options, paths: [all], knowledgeBase: all })
          const extra = tags(html).length - bare.length
          expect(new Set(tags(html))).toEqual(new Set([...bare, '<section', '</section', '<div', '</div']))
          expect(extra).toBeGreaterThan(0)
          const [line = ''] = html.match(/^<tr data-r.*$/m) ?? []
          expect(line.replace(/<[^>]*>/g, '')).not.toMatch(/[<>"']/)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('needs nothing from elsewhere and allows its own style and scripts only', () => {
    const html = ingestReport(events, options)
    expect(html).not.toMatch(/(?:src|href)=|url\(|@import|https?:/)
    const policy = /content="(default-src[^"]*)"/.exec(html)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    const inline = [...html.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)].map(([, , text = '']) => text)
    expect(inline).toHaveLength(3)
    for (const text of inline) expect(policy).toContain(createHash('sha256').update(text).digest('base64'))
  })
})
