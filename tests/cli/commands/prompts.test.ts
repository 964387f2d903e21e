import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtInTemplates } from '../../../src/generate/templates.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const own = 'Say {{noAnswer}}.\n{{preamble}}\n{{glossary}}\n'

async function prompts(files: Record<string, string>) {
  const cwd = await temporaryFolder()
  await mkdir(join(cwd, 'texts'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, 'texts', name), text)
  const environment = { INKSTONE_PROMPTS_DIR: 'texts' }
  return (...args: string[]) => runCommandLine(['prompts', ...args], { service: memoryService(), cwd, environment })
}

describe('promptsCommand', () => {
  test('shows the text in use, and the built-in one when asked to', async () => {
    const run = await prompts({ 'answer.en.md': own })
    expect((await run('show', 'answer.en')).stdout).toBe(own)
    expect((await run('show', 'answer.en', '--built-in')).stdout).toBe(builtInTemplates['answer.en'])
    expect(JSON.parse((await run('show', 'answer.zh', '--json')).stdout)).toEqual({
      name: 'answer.zh',
      path: null,
      text: builtInTemplates['answer.zh'],
    })
  })

  test('names the texts that there are when asked for another one', async () => {
    const run = await prompts({})
    expect(await run('show', 'answer.fr')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('answer.zh') })
  })

  test('checks the texts in use', async () => {
    const run = await prompts({ 'answer.en.md': own })
    const { exitCode, stdout } = await run('check')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^ok {4}answer\.zh: built in, about \d+ tokens\nok {4}answer\.en: .*answer\.en\.md, about/)
  })

  test('ends with 1 and names file, line and remedy of a text that cannot be used', async () => {
    const run = await prompts({ 'answer.en.md': `${own}{{date}}` })
    const { exitCode, stdout } = await run('check')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^fail {2}.*answer\.en\.md:4: there is no placeholder \{\{date\}\}: use one of/m)
    const { ok, templates } = JSON.parse((await run('check', '--json')).stdout)
    expect({ ok, lines: templates.map(({ problems }: { problems: unknown[] }) => problems.length) }).toEqual({
      ok: false,
      lines: [0, 1],
    })
  })
})
