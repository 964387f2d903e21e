import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newAnswerRecord } from '../../support/answer-records.js'
import { runCommandLine } from '../../support/command-line.js'
import { keptConversation } from '../../support/kept-conversations.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const { trace: _, ...record } = newAnswerRecord('ans_1', { conversationId: 'cnv_1' })

async function run(...args: string[]) {
  const turn = { ...record, position: 1, feedback: null }
  const service = memoryService({ conversations: [keptConversation('cnv_1', [turn]), keptConversation('cnv_2')] })
  const cwd = await temporaryFolder()
  return { service, cwd, ...(await runCommandLine(['conversations', ...args], { service, cwd })) }
}

describe('conversationsCommand', () => {
  test('lists conversations in a table, and as JSON', async () => {
    const { stdout, exitCode } = await run('list')
    expect(exitCode).toBe(0)
    const [header, row] = stdout.split('\n')
    expect(header).toMatch(/^ID +LAST ASKED \(UTC\) +ANSWERS +TITLE$/)
    expect(row).toMatch(/^cnv_1 +2026-11-20 08:00:00 +1 +对话 cnv_1$/)
    const page = await run('list', '--limit', '1', '--json')
    expect(JSON.parse(page.stdout)).toMatchObject({ items: [{ id: 'cnv_1' }], nextCursor: '1' })
    const { stderr } = await run('list', '--limit', '1')
    expect(stderr).toContain('inkstone conversations list --cursor 1')
    expect((await run('list', '--limit', '1', '--cursor', '1')).stdout).toContain('cnv_2')
    expect(await run('list', '--limit', 'x')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--limit') })
  })

  test('shows what was asked and answered', async () => {
    const { stdout } = await run('show', 'cnv_1')
    expect(stdout).toContain('对话 cnv_1')
    expect(stdout).toContain('机械密封多久更换一次？')
    expect(stdout).toContain('每运行两千小时更换一次。 [1]')
    expect(JSON.parse((await run('show', 'cnv_1', '--json')).stdout)).toMatchObject({ turns: [{ id: 'ans_1' }] })
    expect(await run('show', 'cnv_9')).toMatchObject({ exitCode: 1 })
  })

  test('renames and deletes', async () => {
    const renamed = await run('rename', 'cnv_1', '密封')
    expect(renamed.stdout).toBe('renamed to "密封"\n')
    expect(await renamed.service.getConversation('cnv_1')).toMatchObject({ title: '密封' })
    const deleted = await run('delete', 'cnv_1', '--json')
    expect(JSON.parse(deleted.stdout)).toEqual({ deleted: 'cnv_1' })
    await expect(deleted.service.getConversation('cnv_1')).rejects.toMatchObject({ code: 'conversation_not_found' })
  })

  test('exports to standard output and to a file', async () => {
    expect((await run('export', 'cnv_1')).stdout).toBe('# 对话 cnv_1\n')
    expect(JSON.parse((await run('export', 'cnv_1', '--json')).stdout)).toMatchObject({ id: 'cnv_1' })
    const { cwd, stdout, stderr } = await run('export', 'cnv_1', '--format', 'json', '--out', 'it.json')
    expect(stdout).toBe('')
    expect(stderr).toContain('written to it.json')
    expect(JSON.parse(await readFile(join(cwd, 'it.json'), 'utf8'))).toMatchObject({ id: 'cnv_1' })
  })
})
