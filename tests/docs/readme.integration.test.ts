import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { chatServer, streamText } from '../support/chat-server.js'
import { testModelsDir } from '../support/model.js'
import { commandBlocks, commandWords } from './command-lines.js'
import { curl } from './curl.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const lines = commandBlocks(readFileSync(join(root, 'README.md'), 'utf8')).flat()
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const firstStart = 'npm ci && npm start'
const withLanguageModel = 'INKSTONE_LLM_BASE_URL=http://127.0.0.1:11434/v1 npm start'
/** Whoever runs this test has just done the first half, and the second is this test among all the others. */
const provenElsewhere = ['npm ci && npm test']

interface Finished {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** The lines that run once and end, by their beginning, and what they must print. */
const expectations: Record<string, (finished: Finished) => void> = {
  'npm run ingest -- ': ({ stdout }) => expect(stdout).toMatch(/^added +.*manual\.md {2}\d+ chunk/m),
  'npm run inkstone -- ask ': ({ stdout }) => expect(stdout).toMatch(/^\[1\] .*, p\. \d+.* ✓ verified$/m),
  'curl -s http://127.0.0.1:8420/v1/answers ': ({ stdout }) => {
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ status: 'answered' })
    expect(answer.citations[0]).toMatchObject({ marker: 1, verified: true })
    expect(answer.text).toContain('50 ℃')
  },
  'curl -s http://127.0.0.1:8420/v1/knowledge-bases/default/documents ': ({ stdout }) =>
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'created', job: { status: 'queued' } }),
  'npm run inkstone -- eval ': ({ stdout }) => expect(stdout).toMatch(/^questions +5$/m),
}

let folder: string
let modelsDir: string
let url: string
const servers: ChildProcess[] = []

beforeAll(async () => {
  modelsDir = await testModelsDir()
  folder = await mkdtemp(join(tmpdir(), 'inkstone-readme-'))
  await mkdir(join(folder, 'docs'))
  await writeFile(join(folder, 'docs', 'manual.md'), '# Pump P-7\n\nThe bearing grease is changed every 2000 hours.\n')
  await writeFile(join(folder, 'manual.pdf'), 'The valve opens at 6 bar.\n')
  const golden = readFileSync(join(root, 'data', 'sample', 'golden.jsonl'), 'utf8').split('\n')
  await writeFile(join(folder, 'golden.jsonl'), golden.slice(0, 5).join('\n'))
  url = await startServer(firstStart.split(' && ').at(-1) ?? '')
})

afterAll(async () => {
  for (const server of servers) await stopServer(server)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

function environment(given: Record<string, string> = {}): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('INKSTONE_') && name !== 'FORCE_COLOR')
  const own = { INKSTONE_HOME: join(folder, 'home'), INKSTONE_MODELS_DIR: modelsDir, INKSTONE_PORT: '0' }
  return { ...Object.fromEntries(outer), ...own, ...given }
}

/** The words that a line of npm's runs. Its build is left out: another test may be using what it replaces. */
function withoutNpm(words: readonly string[]): string[] {
  const [, first = '', ...rest] = words
  const name = first === 'run' ? (rest[0] ?? '') : first
  const script = scripts[name] ?? ''
  const [node, file, ...args] = commandWords(script)
  expect([node, file]).toEqual(['node', 'scripts/run.mjs'])
  const given = first === 'run' ? rest.slice(2) : []
  return ['node', 'bin/inkstone.js', ...args, ...given]
}

function start(line: string, given?: Record<string, string>): ChildProcess {
  const [node, ...args] = withoutNpm(commandWords(line))
  expect(node).toBe('node')
  return spawn(process.execPath, args, { cwd: root, env: environment(given), stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(line: string): Promise<Finished> {
  if (line.startsWith('curl ')) return { exitCode: 0, stdout: await curl(commandWords(line)), stderr: '' }
  const child = start(line)
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const [exitCode] = await once(child, 'close')
  return { exitCode, ...written }
}

/** Starts a server by a line of the README and waits until it calls itself ready. */
async function startServer(line: string, given?: Record<string, string>): Promise<string> {
  const server = start(line, given)
  servers.push(server)
  server.stderr?.resume()
  if (server.stdout === null) throw new Error('the server has no output')
  for await (const text of createInterface({ input: server.stdout })) {
    const address = /ready in .*: (http:\S+)$/.exec(text)?.[1]
    if (address !== undefined) return address
  }
  throw new Error(`${line} ended before it was ready`)
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

/** The line as it runs here: other files, other port. */
function fitted(line: string): string {
  return line
    .replace('./docs', join(folder, 'docs'))
    .replace('manual.pdf', join(folder, 'manual.pdf'))
    .replace('data/sample/golden.jsonl', join(folder, 'golden.jsonl'))
    .replace('http://127.0.0.1:8420', url)
}

describe('README.md', () => {
  test('holds no command line that is not run here or known to be proven elsewhere', () => {
    const known = [firstStart, withLanguageModel, ...provenElsewhere]
    const others = lines.filter((line) => !known.includes(line))
    expect(others.filter((line) => !Object.keys(expectations).some((start) => line.startsWith(start)))).toEqual([])
    expect(known.filter((line) => !lines.includes(line))).toEqual([])
  })

  test.each(Object.entries(expectations))('%s… runs and prints what it should', async (start, expectation) => {
    const matching = lines.filter((line) => line.startsWith(start))
    expect(matching.length).toBeGreaterThan(0)
    for (const line of matching) {
      const finished = await run(fitted(line))
      expect(finished).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('error') })
      expectation(finished)
    }
  })

  test('starts with a language model as it says, on what was read before', async () => {
    for (const server of servers) await stopServer(server)
    const model = await chatServer(streamText(['泵体表面温度要降到 50 ℃ 以下', ' [1]。']))
    try {
      const [variable = '', ...command] = withLanguageModel.split(' ')
      const [name = ''] = variable.split('=')
      url = await startServer(command.join(' '), { [name]: model.baseUrl })
      const line = lines.find((one) => one.includes('/v1/answers')) ?? ''
      expect(JSON.parse(await curl(commandWords(fitted(line))))).toMatchObject({
        status: 'answered',
        modelId: 'scripted',
        citations: [{ marker: 1, verified: true }],
      })
    } finally {
      await model.close()
    }
  })
})
