import { describe, expect, test } from 'vitest'
import { addToSummary, emptySummary } from '../../../src/cli/ingest-summary.js'
import { fileLine, linesDisplay, summaryLines } from '../../../src/cli/render/ingest.js'
import { terminal } from '../../../src/cli/terminal.js'
import { fileEvent, type SyncEvent } from '../../../src/ingest/sync/sync-events.js'
import { textSink } from '../../support/command-line.js'

const paint = (_format: unknown, text: string) => text
const password = { code: 'password_required', message: 'the file has a password', remedy: 'remove it' }

const events: SyncEvent[] = [
  fileEvent('/docs/a.pdf', 'added', { pages: 12, chunks: 40, seconds: 3.2 }),
  fileEvent('/docs/b.md', 'updated', { chunks: 1, seconds: 0.5, warnings: ['one image was not read'] }),
  fileEvent('/docs/c.md', 'unchanged', { pages: 9, chunks: 9 }),
  fileEvent('/docs/d.pdf', 'failed', { problem: password }),
  fileEvent('/docs/e.pdf', 'failed', { problem: password }),
  fileEvent('/docs/f.pdf', 'failed', { problem: { code: 'no_text', message: 'it is a scan' } }),
]

describe('fileLine', () => {
  test('says the outcome, the path from here, the reason with its code and what to do', () => {
    const lines = events.slice(0, 4).map((event) => (event.type === 'file' ? fileLine(event, { cwd: '/', paint }) : ''))
    expect(lines).toEqual([
      'added      docs/a.pdf  12 pages, 40 chunks, 3.2 s',
      'updated    docs/b.md  1 chunk, 0.5 s  warning: one image was not read',
      'unchanged  docs/c.md',
      'failed     docs/d.pdf  password_required: the file has a password  remedy: remove it',
    ])
  })

  test('says what could not be read, where from a file moved, and what was recognised', () => {
    const losses = [
      { kind: 'page' as const, count: 2, pages: [3, 4], reason: 'it is damaged' },
      { kind: 'image' as const, count: 1, pages: [], reason: 'no text was found' },
    ]
    const partly = fileEvent('/a.pdf', 'added', { pages: 9, chunks: 3, tables: 2, ocr: 4, seconds: 1, losses })
    const moved = fileEvent('/b.pdf', 'moved', { from: '/old/b.pdf' })
    expect([partly, moved].map((event) => fileLine(event, { cwd: '/', paint }))).toEqual([
      'added      a.pdf  9 pages, 3 chunks, 2 tables, 4 recognised, 1.0 s  partly read: 2 pages (p. 3, 4): it is damaged; 1 picture: no text was found',
      'moved      b.pdf  from old/b.pdf',
    ])
  })

  test('spells out what would change the terminal', () => {
    const line = fileLine(fileEvent('/a\u001b[2J\u202Efdp.exe', 'added'), { cwd: '/', paint })
    expect(line).toBe('added      a\\x1B[2J\\u202Efdp.exe')
  })

  test('keeps the whole path of a file that lies elsewhere', () => {
    expect(fileLine(fileEvent('/docs/a.pdf', 'removed'), { cwd: '/home/me', paint })).toBe('removed    /docs/a.pdf')
  })
})

describe('addToSummary', () => {
  test('counts outcomes, failures by code, and pages and chunks of what went in', () => {
    const summary = events.reduce(addToSummary, emptySummary({ dryRun: false }))
    expect(summary.outcomes).toMatchObject({ added: 1, updated: 1, unchanged: 1, failed: 3, removed: 0 })
    expect(summary.failures).toEqual({ password_required: 2, no_text: 1 })
    expect({ pages: summary.pages, chunks: summary.chunks }).toEqual({ pages: 12, chunks: 41 })
  })

  test('counts files that were partly read and what was lost, once for each content', () => {
    const losses = [{ kind: 'image' as const, count: 3, pages: [], reason: 'no text' }]
    const both = [fileEvent('/a', 'added', { losses }), fileEvent('/b', 'duplicate', { losses })]
    const summary = both.reduce(addToSummary, emptySummary({ dryRun: false }))
    expect(summary).toMatchObject({ partlyRead: 1, losses: { image: 3 } })
    expect(summaryLines(summary).slice(2)).toEqual([
      '  added        1',
      '  duplicate    1',
      '  partly read  1',
      '  not read: 3 pictures',
      '  0 pages, 0 chunks, 0.0 s',
    ])
  })

  test('does not count what is about no file', () => {
    const empty = emptySummary({ dryRun: false })
    expect(addToSummary(empty, { type: 'notice', message: 'watching' })).toBe(empty)
  })
})

describe('summaryLines', () => {
  test('shows what happened, failures by code, and what it took', () => {
    const summary = { ...events.reduce(addToSummary, emptySummary({ dryRun: false })), seconds: 4 }
    expect(summaryLines(summary)).toEqual([
      '',
      'Ingested',
      '  added                1',
      '  updated              1',
      '  unchanged            1',
      '  failed               3',
      '    password_required  2',
      '    no_text            1',
      '  12 pages, 41 chunks, 4.0 s',
    ])
  })

  test('says of a dry run that nothing was stored', () => {
    expect(summaryLines(emptySummary({ dryRun: true })).join('\n')).toContain('nothing was stored')
  })
})

describe('linesDisplay', () => {
  test('writes files and summary to standard output and the plan to standard error', () => {
    const stdout = textSink()
    const stderr = textSink()
    const shown = terminal({ stdin: process.stdin, stdout: stdout.stream, stderr: stderr.stream })
    const display = linesDisplay(shown, { cwd: '/' })
    const none = { changed: 0, moved: 0, failedBefore: 0, unreadable: 0, gone: 0 }
    const counts = { ...none, found: 2, new: 1, unchanged: 1, ignored: 3 }
    display.show({ type: 'planned', dryRun: false, counts, sizeBytes: 2_000 })
    display.show(fileEvent('/a.md', 'added', { chunks: 2, seconds: 1 }))
    display.end(null)
    display.show({ type: 'notice', message: 'watching', remedy: 'wait' })
    expect(stderr.text()).toBe('2 files (2.0 kB): 1 new, 1 unchanged, 3 ignored\nwatching  remedy: wait\n')
    expect(stdout.text()).toBe('added      a.md  2 chunks, 1.0 s\n')
  })
})
