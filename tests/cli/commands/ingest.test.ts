import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { syncService } from '../../support/sync-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function folderWith(files: Record<string, string>) {
  const cwd = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text)
  const problemOf = (text: string) =>
    text === 'bad' ? { code: 'no_text', message: 'there is no text', remedy: 'scan it again' } : null
  const service = memoryService({ problemOf })
  return { cwd, service, ingest: (...args: string[]) => runCommandLine(['ingest', ...args], { service, cwd }) }
}

const lines = (text: string) => text.trimEnd().split('\n')

describe('ingestCommand', () => {
  test('creates the knowledge base, prints a line for each file and a summary, and ends with 0', async () => {
    const { ingest, service } = await folderWith({ 'a.md': 'one', 'b.md': 'two' })
    const { exitCode, stdout, stderr } = await ingest('.', '--kb', 'pumps')
    expect(exitCode).toBe(0)
    expect(stderr).toBe('2 files (6 B): 2 new\n')
    expect(lines(stdout).slice(0, 2).sort()).toEqual([
      expect.stringMatching(/^added {6}a\.md {2}1 page, 2 chunks, [\d.]+ s$/),
      expect.stringMatching(/^added {6}b\.md /),
    ])
    expect(stdout).toMatch(/Ingested\n {2}added {2}2\n {2}2 pages, 4 chunks, [\d.]+ s\n$/)
    expect(service.calls.at(0)).toBe('createKnowledgeBase pumps')
    expect(service.calls.at(-1)).toBe('close')
  })

  test('ends with 1 when a file failed, with its code, sentence and remedy', async () => {
    const { ingest } = await folderWith({ 'a.md': 'bad', 'b.md': 'two' })
    const { exitCode, stdout } = await ingest('a.md', 'b.md')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('failed     a.md  no_text: there is no text  remedy: scan it again')
    expect(stdout).toContain('    no_text  1')
    expect(stdout).toContain('added      b.md')
  })

  test('prints one JSON document a line, the summary last', async () => {
    const { ingest, cwd } = await folderWith({ 'a.md': 'bad', 'b.md': 'two' })
    const { stdout, stderr } = await ingest('.', '--json')
    const events = lines(stdout).map((line) => JSON.parse(line))
    expect(stderr).toBe('')
    expect(events[0]).toMatchObject({ type: 'planned', counts: { found: 2, new: 2 } })
    expect(events.filter(({ type }) => type === 'file').map(({ path }) => path)).toContain(join(cwd, 'a.md'))
    expect(events.at(-1)).toMatchObject({
      type: 'summary',
      outcomes: { added: 1, failed: 1 },
      failures: { no_text: 1 },
      chunks: 2,
    })
  })

  test('stores nothing in a dry run', async () => {
    const { ingest, service } = await folderWith({ 'a.md': 'one' })
    const { exitCode, stdout } = await ingest('.', '--dry-run')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('What an ingest would do (nothing was stored)')
    expect(service.calls).toEqual(['close'])
  })

  test('hands --prune and --retry-failed on', async () => {
    const { ingest, service, cwd } = await folderWith({ 'a.md': 'one', 'b.md': 'bad' })
    await ingest('.')
    await rm(join(cwd, 'a.md'))
    const { stdout } = await ingest('.', '--prune', '--retry-failed')
    expect(stdout).toContain('removed    a.md')
    expect(service.calls).toContain(`retry ${join(cwd, 'b.md')}`)
  })

  test('ends with 130 after Ctrl-C and says that nothing is lost', async () => {
    const { cwd, service } = await folderWith({ 'a.md': 'one' })
    const stopped = { service, cwd, signal: AbortSignal.abort() }
    const { exitCode, stderr } = await runCommandLine(['ingest', '.'], stopped)
    expect(exitCode).toBe(130)
    expect(stderr).toContain('error: stopped: files that were handed in already are kept')
    expect(stderr).toContain('remedy: run the same command again')
  })

  test('ends with 1 and a remedy when the folder is not there', async () => {
    const { ingest } = await folderWith({})
    const { exitCode, stderr } = await ingest('nowhere')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error: there is no file or folder ".*nowhere"\nremedy: check the path\n$/)
  })

  test('writes a report with a row for each file, also when the run was stopped or broke off', async () => {
    const { ingest, cwd, service } = await folderWith({ 'a.md': 'bad', 'b.md': 'two' })
    const report = () => readFile(join(cwd, '.report.html'), 'utf8')
    expect((await ingest('.', '--report', '.report.html', '--report-language', 'en')).exitCode).toBe(1)
    expect(await report()).toContain('<b>no_text</b> there is no text')
    expect((await report()).match(/<tr data-r=/g)).toHaveLength(2)
    expect((await readdir(cwd)).sort()).toEqual(['.report.html', 'a.md', 'b.md'])
    const args = ['ingest', '.', '--report', '.report.html', '--report-language', 'en']
    const stopped = await runCommandLine(args, { service, cwd, signal: AbortSignal.abort() })
    expect(stopped.exitCode).toBe(130)
    expect(await report()).toContain('The run was stopped')
  })

  test('says before any work that a report cannot be written', async () => {
    const { ingest, service } = await folderWith({ 'a.md': 'one' })
    const { exitCode, stderr } = await ingest('.', '--report', 'nowhere/report.html')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error: the report cannot be written to ".*report\.html": .*\nremedy: give --report a path/)
    expect(service.calls).toEqual([])
  })

  test('hands passwords of flags and file on', async () => {
    const { cwd } = await folderWith({ 'a.md': 'one', '.passwords': '\uFEFFfrom file\r\n\r\n, second \r\n' })
    const service = syncService()
    const args = ['ingest', '.', '--password', 'a,b', '--password', 'c', '--password-file', '.passwords']
    await runCommandLine(args, { service, cwd })
    expect(service.submitted).toMatchObject([{ passwords: ['a,b', 'c', 'from file', ', second '] }])
    const missing = await runCommandLine(['ingest', '.', '--password-file', 'nowhere'], { service, cwd })
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('one password a line') })
  })

  test('goes on with what changes until Ctrl-C, and ends with 0', async () => {
    const { cwd, service } = await folderWith({ 'a.md': 'bad', 'b.md': 'two' })
    const stop = new AbortController()
    const ended = runCommandLine(['ingest', '.', '--watch', '--json'], { service, cwd, signal: stop.signal })
    await expect.poll(() => service.calls.filter((call) => call.startsWith('submit')).length).toBe(2)
    await writeFile(join(cwd, 'c.md'), 'three')
    await expect.poll(() => service.calls, { timeout: 10_000 }).toContain(`submit ${join(cwd, 'c.md')}`)
    stop.abort()
    const { exitCode, stdout } = await ended
    expect(exitCode).toBe(0)
    const events = lines(stdout).map((line) => JSON.parse(line))
    expect(events.filter(({ type }) => type === 'notice')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'summary', outcomes: { failed: 1 } })
  }, 20_000)

  test('takes a dry run that watches for wrong usage', async () => {
    const { ingest } = await folderWith({})
    for (const flag of ['--watch', '--poll']) expect((await ingest('.', '--dry-run', flag)).exitCode).toBe(2)
  })
})
