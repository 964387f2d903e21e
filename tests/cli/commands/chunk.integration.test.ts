import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { testModelsDir } from '../../support/model.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const rows = Array.from({ length: 60 }, (_, index) => `| IH65-50-${index} | ${index} m3/h | 备用 ${index} |`)
const manual = `# 泵站手册\n\n启动前必须灌满水。\n\n## 选型\n\n| 型号 | 流量 | 备注 |\n| --- | --- | --- |\n${rows.join('\n')}\n`

async function withManual() {
  const cwd = await temporaryFolder()
  await writeFile(join(cwd, '手册.md'), manual)
  const environment = { INKSTONE_MODELS_DIR: await testModelsDir(), INKSTONE_HOME: join(cwd, 'home') }
  const run = (...args: string[]) => runCommandLine(['chunk', ...args], { service: memoryService(), cwd, environment })
  return { cwd, run }
}

describe('chunkCommand', () => {
  test('prints the chunks of a file with the limits that are asked for, and makes no home', async () => {
    const { run, cwd } = await withManual()
    const { exitCode, stdout, stderr } = await run(
      '手册.md',
      '--chunk-tokens',
      '150',
      '--chunk-overlap-tokens',
      '0',
      '--json',
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { document, chunks } = JSON.parse(stdout)
    expect(document).toMatchObject({ title: '泵站手册', mediaType: 'text/markdown', losses: [], members: [] })
    expect(chunks.length).toBeGreaterThan(4)
    for (const { tokenCount } of chunks) expect(tokenCount).toBeLessThanOrEqual(250)
    expect(chunks.at(-1)).toMatchObject({
      headingPath: ['泵站手册', '选型'],
      kind: 'table',
      tableHeader: '型号 | 流量 | 备注',
    })
    expect(chunks.at(-1).embedText).toContain('型号: IH65-50-59 | 流量: 59 m3/h | 备注: 备用 59')
    expect(await readdir(cwd)).toEqual(['手册.md'])
  })

  test('prints text and totals for people', async () => {
    const { run } = await withManual()
    const { stdout } = await run('手册.md')
    expect(stdout).toMatch(/^#0 (paragraph|heading) · \d+ tokens · characters 0–\d+\n {3}泵站手册\n/)
    expect(stdout).toMatch(/\n泵站手册 \(text\/markdown\)\n\d+ chunks, \d+ tokens, \d+ in the longest\n$/)
  })

  test('ends with 1 for a path that is no file, and with 2 for settings that do not hold', async () => {
    const { run, cwd } = await withManual()
    expect(await run('gone.md')).toMatchObject({ exitCode: 1, stdout: '' })
    expect((await run('.')).stderr).toBe(
      `error: "${cwd}" is a folder\nremedy: name one file; folders go in with "inkstone ingest"\n`,
    )
    expect(await run('手册.md', '--chunk-tokens', 'many')).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await run()).toMatchObject({ exitCode: 2, stdout: '' })
  })
})
