import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../support/command-line.js'
import { memoryService } from '../support/memory-service.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const run = async (...args: string[]) =>
  runCommandLine(args, { service: memoryService(), cwd: await temporaryFolder() })

const commandLines = [
  ['ingest'],
  ['ask'],
  ['answer'],
  ['answer', 'list'],
  ['answer', 'show'],
  ['answer', 'replay'],
  ['answer', 'rate'],
  ['answer', 'delete'],
  ['conversations'],
  ['conversations', 'list'],
  ['conversations', 'show'],
  ['conversations', 'rename'],
  ['conversations', 'export'],
  ['conversations', 'delete'],
  ['search'],
  ['serve'],
  ['eval'],
  ['eval', 'candidates'],
  ['kb'],
  ['kb', 'list'],
  ['kb', 'create'],
  ['kb', 'rename'],
  ['kb', 'reindex'],
  ['kb', 'set'],
  ['kb', 'tune'],
  ['kb', 'delete'],
  ['models'],
  ['models', 'list'],
  ['models', 'pull'],
  ['models', 'verify'],
  ['models', 'path'],
  ['prompts'],
  ['prompts', 'show'],
  ['prompts', 'check'],
  ['doctor'],
]

describe('createProgram', () => {
  test.each(commandLines)('explains %s %s with an example and its --json', async (...words) => {
    const { exitCode, stdout, stderr } = await run(...words, '--help')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(`Usage: inkstone ${words.join(' ')}`)
    const [, example] = /Examples:\n {2}\$ (.+)/.exec(stdout) ?? []
    expect(example).toContain(`inkstone ${words.join(' ')}`)
    expect(stdout).toContain('With --json: ')
    expect(stdout).toContain('--home <folder>')
  })

  test('has every command that a message or a remedy names', () => {
    const folder = fileURLToPath(new URL('../../src', import.meta.url))
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
    const named = [...text.matchAll(/"inkstone ([a-z]+)(?: ([a-z]+))?/g)].map(([, command = '', next = '']) => {
      const isGroup = commandLines.some(([first, second]) => first === command && second !== undefined)
      return isGroup ? `${command} ${next}`.trim() : command
    })
    expect(named.length).toBeGreaterThan(8)
    const known = commandLines.map((words) => words.join(' '))
    expect(named.filter((line) => !known.includes(line))).toEqual([])
  })

  test('lists every command and the exit codes in its help', async () => {
    const { stdout } = await run('--help')
    for (const [word] of commandLines) expect(stdout).toMatch(new RegExp(`^ {2}${word}\\b`, 'm'))
    expect(stdout).toContain('Exit codes: 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.')
  })

  test('prints the version of the package', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' })
  })

  test.each([
    [['serach', 'pumps'], "unknown command 'serach' (Did you mean search?)", 'run "inkstone --help"'],
    [['search'], "missing required argument 'query'", 'run "inkstone search --help"'],
    [['ask', 'why', '--topk', '3'], "unknown option '--topk' (Did you mean --top-k?)", 'run "inkstone ask --help"'],
    [['kb', 'create', 'a', 'b'], 'too many arguments', 'run "inkstone kb create --help"'],
    [['ingest', '--home'], "option '--home <folder>' argument missing", 'run "inkstone ingest --help"'],
  ])('answers the wrong usage %j with 2, a sentence and a remedy', async (args, sentence, remedy) => {
    const { exitCode, stdout, stderr } = await run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    const [first, second, ...rest] = stderr.split('\n')
    expect(first).toContain(`error: ${sentence}`)
    expect(second).toBe(`remedy: ${remedy}`)
    expect(rest).toEqual([''])
  })

  test('prints help with 2 when no command is named', async () => {
    const { exitCode, stderr } = await run()
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Usage: inkstone')
    expect(stderr).not.toContain('error:')
  })

  test('writes errors as one JSON document with --json', async () => {
    const { exitCode, stdout, stderr } = await run('search', '--json')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      code: 'invalid_request',
      message: "missing required argument 'query'",
      remedy: 'run "inkstone search --help"',
    })
  })

  test('takes the flags of settings before and after the command, and names every wrong one', async () => {
    const { exitCode, stderr } = await run('--log-level', 'loud', 'search', 'pumps', '--top-k', '0')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('flag for logLevel')
    expect(stderr).toContain('flag for topK')
    expect(stderr).toContain('remedy: mend the settings')
  })
})
