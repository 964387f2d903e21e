import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { lockHome, readHomeLock } from '../../src/store/home-lock.js'
import { testModelsDir } from '../support/model.js'

const program = fileURLToPath(new URL('../../bin/inkstone.js', import.meta.url))
let folder: string
let modelsDir: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkstone-cli-'))
  modelsDir = await testModelsDir()
  await writeFile(
    join(folder, 'pump.md'),
    '# Pump P-7\n\n## Bearings\n\nThe bearing temperature must stay below 75 °C.\n\n## 润滑\n\n轴承润滑脂每 2000 小时更换一次。\n',
  )
  await writeFile(join(folder, 'empty.md'), '')
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

/** The variables of a person who has set nothing of Inkstone's, in a home of the test's own. */
function environment(given: Record<string, string> = {}): NodeJS.ProcessEnv {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('INKSTONE_') && name !== 'FORCE_COLOR')
  const own = { INKSTONE_HOME: join(folder, 'home'), INKSTONE_MODELS_DIR: modelsDir, INKSTONE_EMBED_THREADS: '1' }
  return { ...Object.fromEntries(outer), ...own, ...given }
}

function start(args: string[], given?: Record<string, string>) {
  return spawn(process.execPath, [program, ...args], { cwd: folder, env: environment(given) })
}

function inkstone(...args: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return finish(start(args))
}

function finish(child: ReturnType<typeof start>) {
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, ...written }))
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('inkstone', () => {
  test.each(['ingest', 'ask', 'search', 'serve', 'eval', 'kb', 'models', 'doctor'])(
    'explains %s with an example',
    async (command) => {
      const { exitCode, stdout, stderr } = await inkstone(command, '--help')
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}\\$ .*inkstone ${command}`))
    },
  )

  test('ends with 2 after wrong usage', async () => {
    const { exitCode, stdout, stderr } = await inkstone('search')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe('error: missing required argument \'query\'\nremedy: run "inkstone search --help"\n')
  })

  test('ends with 2 and names every setting that is wrong', async () => {
    const wrong = { INKSTONE_PORT: 'many', INKSTONE_TOPK: '3', INKSTONE_LLM_BASE_URL: 'ftp://x' }
    const { exitCode, stderr } = await finish(start(['kb', 'list'], wrong))
    expect(exitCode).toBe(2)
    expect(stderr).toContain('INKSTONE_PORT: expected a whole number')
    expect(stderr).toContain('unknown variable INKSTONE_TOPK (did you mean INKSTONE_TOP_K?)')
    expect(stderr).toContain('INKSTONE_LLM_BASE_URL: expected an http')
    expect(stderr).not.toMatch(/^ +at /m)
  })

  test('says in one sentence that the model is missing, and where to get it', async () => {
    const { exitCode, stderr } = await finish(start(['search', 'x'], { INKSTONE_MODELS_DIR: join(folder, 'none') }))
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error: .*bge-small-zh.*\nremedy: run "inkstone models pull bge-small-zh-v1\.5"\n$/)
  })

  test('lists knowledge bases without the model', async () => {
    const given = { INKSTONE_MODELS_DIR: join(folder, 'none'), INKSTONE_HOME: join(folder, 'modelless') }
    const { exitCode, stdout, stderr } = await finish(start(['kb', 'list'], given))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('default')
  })

  test('plans, ingests, searches and answers in its own process', async () => {
    const planned = await inkstone('ingest', '.', '--kb', 'pumps', '--dry-run')
    expect(planned.stdout).toContain('added      pump.md')
    expect(JSON.parse((await inkstone('kb', 'list', '--json')).stdout).items).toHaveLength(1)

    const first = await inkstone('ingest', '.', '--kb', 'pumps')
    expect(first.exitCode).toBe(1)
    expect(first.stdout).toMatch(/^added {6}pump\.md {2}\d+ chunks?, /m)
    expect(first.stdout).toMatch(/^failed {5}empty\.md {2}file_empty: .*remedy: /m)
    const second = await inkstone('ingest', 'pump.md', '--kb', 'pumps', '--json')
    expect(second.exitCode).toBe(0)
    expect(JSON.parse(second.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'summary',
      outcomes: { unchanged: 1, failed: 0 },
    })

    const found = await inkstone('search', '轴承润滑脂', '--kb', 'pumps', '--json')
    expect(JSON.parse(found.stdout).hits[0].chunk.text).toContain('2000 小时')
    const answered = await inkstone('ask', '轴承润滑脂多久更换一次？', '--kb', 'pumps')
    expect(answered.exitCode).toBe(0)
    expect(answered.stdout).toContain('每 2000 小时更换一次')
    expect(answered.stdout).toMatch(/^\[1\] Pump P-7.*✓ verified$/m)
  })

  test('serves until it is told to stop, and other commands go through the server', async () => {
    const server = start(['serve', '--port', '0', '--json', '--log-level', 'warn'])
    const ended = finish(server)
    const lines = createInterface({ input: server.stdout })
    const announced: { type: string; url: string }[] = []
    for await (const line of lines) {
      announced.push(JSON.parse(line))
      if (announced.at(-1)?.type === 'ready') break
    }
    expect(announced.map(({ type }) => type)).toEqual(['listening', 'ready'])
    const url = announced[0]?.url ?? ''
    expect((await fetch(`${url}/readyz`)).status).toBe(200)

    const created = await inkstone('kb', 'create', 'valves', '--name', '阀门')
    expect(created).toMatchObject({ exitCode: 0, stderr: '' })
    const slugs = JSON.parse((await inkstone('kb', 'list', '--json')).stdout).items.map(
      (item: { slug: string }) => item.slug,
    )
    expect(slugs).toContain('valves')
    expect((await inkstone('ingest', 'pump.md', '--kb', 'valves')).stdout).toMatch(/^added {6}pump\.md/m)
    const answered = await inkstone('ask', 'bearing temperature below?', '--kb', 'valves', '--json')
    expect(JSON.parse(answered.stdout).hits[0].chunk.documentTitle).toBe('Pump P-7')
    expect((await inkstone('doctor')).stdout).toContain(`ok    server: running at ${url}`)
    const second = await inkstone('serve', '--port', '0')
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toMatch(/^error: .*\nremedy: /)

    server.kill('SIGTERM')
    expect((await ended).exitCode).toBe(0)
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed')
    expect((await inkstone('kb', 'delete', 'valves', '--yes')).exitCode).toBe(0)
  })

  test.skipIf(process.platform === 'win32').each([
    ['a signal to npm', (npm: number) => process.kill(npm, 'SIGTERM')],
    ['Ctrl-C, which all of them get', (npm: number) => process.kill(-npm, 'SIGINT')],
    // As where the shell makes way for the program: then it has it from the terminal and from npm.
    ['Ctrl-C, which it gets twice', (_npm: number, server: number) => [1, 2].map(() => process.kill(server, 'SIGINT'))],
  ])('ends in good order when npm has started it, after %s', async (_name, stop) => {
    const home = join(folder, 'by-npm')
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const args = ['run', '--silent', 'inkstone', '--', 'serve', '--port', '0', '--json', '--log-level', 'warn']
    const npm = spawn('npm', args, { cwd: root, env: environment({ INKSTONE_HOME: home }), detached: true })
    const ended = finish(npm)
    onTestFinished(() => {
      // Whatever is left of its group.
      if (isAlive(-(npm.pid ?? 0))) process.kill(-(npm.pid ?? 0), 'SIGKILL')
    })
    for await (const line of createInterface({ input: npm.stdout })) if (JSON.parse(line).type === 'ready') break
    const owner = await readHomeLock(join(home, 'kb'))
    stop(npm.pid ?? 0, owner?.pid ?? 0)
    const { stderr } = await ended
    expect(stderr).toBe('')
    await expect.poll(() => isAlive(owner?.pid ?? 0), { timeout: 20_000 }).toBe(false)
    // One that was killed leaves its lock behind.
    expect((await readdir(join(home, 'kb'))).filter((name) => name.startsWith('lock-'))).toEqual([])
  })

  test('ends with 130 after Ctrl-C while it waits for a home', async () => {
    const holder = await lockHome(join(folder, 'held', 'kb'))
    try {
      const waiting = start(['kb', 'list'], { INKSTONE_HOME: join(folder, 'held') })
      const ended = finish(waiting)
      waiting.stderr.once('data', () => waiting.kill('SIGINT'))
      const { exitCode, stdout, stderr } = await ended
      expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' })
      expect(stderr).toContain(`another command (process ${process.pid}) is using`)
      expect(stderr).toContain('error: stopped')
    } finally {
      await holder.release()
    }
  })
})
