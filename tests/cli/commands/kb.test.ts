import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import { runCommandLine } from '../../support/command-line.js'
import { type MemoryServiceOptions, memoryService } from '../../support/memory-service.js'
import { learnedAnswerability } from '../../support/records.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function withBases(options: MemoryServiceOptions, ...slugs: string[]) {
  const service = memoryService(options)
  for (const slug of slugs) await service.createKnowledgeBase({ slug })
  const cwd = await temporaryFolder()
  return { service, cwd, run: (...args: string[]) => runCommandLine(['kb', ...args], { service, cwd }) }
}

describe('kbCommand', () => {
  test('creates, renames and lists', async () => {
    const { run } = await withBases({})
    expect((await run('create', 'pumps', '--name', 'Pumps')).stdout).toMatch(/^created pumps \(Pumps, kb_\w+\)\n$/)
    expect((await run('rename', 'pumps', '泵与备件')).stdout).toMatch(/^renamed pumps \(泵与备件, kb_\w+\)\n$/)
    const lines = (await run('list')).stdout.split('\n')
    expect(lines[0]).toMatch(/^SLUG +DOCUMENTS +NAME +ID$/)
    expect(lines[1]).toMatch(/^pumps +0 +泵与备件 +kb_\w+$/)
  })

  test('prints JSON for each of them', async () => {
    const { run } = await withBases({})
    const created = JSON.parse((await run('create', 'pumps', '--json')).stdout)
    expect(created).toMatchObject({ slug: 'pumps', name: 'pumps' })
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual({ items: [created] })
    expect(JSON.parse((await run('delete', 'pumps', '--yes', '--json')).stdout)).toEqual({ deleted: created })
  })

  test('sets the chunks of a knowledge base, and goes back to the configuration', async () => {
    const { run, service } = await withBases({}, 'pumps')
    const set = await run('set', 'pumps', '--chunk-tokens', '300', '--chunk-overlap-tokens', '40')
    expect(set).toEqual({
      exitCode: 0,
      stdout: 'set pumps: chunks of 300 tokens, 40 shared, dense trust default\n',
      stderr: '',
    })
    expect(JSON.parse((await run('list', '--json')).stdout).items[0]).toMatchObject({
      chunkTokens: 300,
      chunkOverlapTokens: 40,
    })
    await service.submit('pumps', { sourceUri: 'a', bytes: Readable.from([Buffer.from('a')]) })
    expect(await run('set', 'pumps', '--chunk-tokens', 'default')).toEqual({
      exitCode: 0,
      stdout: 'set pumps: chunks of default tokens, 40 shared, dense trust default\n',
      stderr: 'documents that are in already: run "inkstone kb reindex pumps"\n',
    })
    expect(await service.getKnowledgeBase('pumps')).toMatchObject({ chunkTokens: null, chunkOverlapTokens: 40 })
  })

  test('sets what the language model is told, from a text and a file', async () => {
    const { run, service, cwd } = await withBases({}, 'pumps')
    const glossary = [
      { term: 'MTBF', synonyms: ['mean time'] },
      { term: '扬程', meaning: '高度' },
    ]
    await writeFile(join(cwd, 'words.json'), JSON.stringify(glossary))
    expect((await run('set', 'pumps', '--preamble', ' Pumps. ', '--glossary', 'words.json')).stdout).toBe(
      'set pumps: chunks of default tokens, default shared, dense trust default, preamble of 6 characters, glossary of 2 terms\n',
    )
    expect(await service.getKnowledgeBase('pumps')).toMatchObject({
      preamble: 'Pumps.',
      glossary: [
        { term: 'MTBF', meaning: '', synonyms: ['mean time'] },
        { term: '扬程', meaning: '高度', synonyms: [] },
      ],
    })
    await run('set', 'pumps', '--preamble', 'default', '--glossary', 'default')
    expect(await service.getKnowledgeBase('pumps')).toMatchObject({ preamble: null, glossary: [] })
  })

  test('says which entry of a glossary cannot be, and why', async () => {
    const { run, cwd } = await withBases({}, 'pumps')
    await writeFile(join(cwd, 'words.json'), '[{"term": "a"}, {"term": "b", "synonyms": "c"}]')
    const { exitCode, stderr } = await run('set', 'pumps', '--glossary', 'words.json')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('words.json, entry 2, synonyms:'),
    })
    expect(await run('set', 'pumps', '--glossary', 'nothing.json')).toMatchObject({ exitCode: 1, stdout: '' })
    for (const args of [
      ['--preamble', ' '],
      ['--preamble', 'x'.repeat(2_001)],
    ]) {
      expect(await run('set', 'pumps', ...args)).toMatchObject({ exitCode: 2, stdout: '' })
    }
  })

  test('sets how far the vectors are trusted, which needs no reindex', async () => {
    const { run, service } = await withBases({}, 'pumps')
    await service.submit('pumps', { sourceUri: 'a', bytes: Readable.from([Buffer.from('a')]) })
    expect(await run('set', 'pumps', '--dense-trust', '0.5')).toEqual({
      exitCode: 0,
      stdout: 'set pumps: chunks of default tokens, default shared, dense trust 0.5\n',
      stderr: '',
    })
    expect(JSON.parse((await run('list', '--json')).stdout).items[0]).toMatchObject({ denseTrust: 0.5 })
    expect(JSON.parse((await run('set', 'pumps', '--dense-trust', 'default', '--json')).stdout)).toMatchObject({
      denseTrust: null,
    })
    for (const wrong of ['much', '3', '-1', '', ' ']) {
      expect(await run('set', 'pumps', `--dense-trust=${wrong}`)).toMatchObject({ exitCode: 2, stdout: '' })
    }
  })

  test('shows a knowledge base, and takes away what it has learned about refusals', async () => {
    const { run, service } = await withBases({}, 'pumps')
    const { model } = learnedAnswerability
    if (model === null) throw new Error('nothing was learned')
    const answerability = { ...model, fingerprint: 'words-256 evidence:1' }
    await service.updateKnowledgeBase('pumps', { answerability })
    expect((await run('show', 'pumps')).stdout).toMatch(
      /^pumps \(pumps, kb_\w+\): 0 documents\nchunks of default tokens, .*, refusals as learned\n$/,
    )
    expect(JSON.parse((await run('show', 'pumps', '--json')).stdout)).toMatchObject({ slug: 'pumps', answerability })
    const { exitCode, stdout } = await run('set', 'pumps', '--answerability', 'default')
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'set pumps: chunks of default tokens, default shared, dense trust default\n',
    })
    expect(await service.getKnowledgeBase('pumps')).toMatchObject({ answerability: null })
    expect(await run('set', 'pumps', '--answerability', '0.5')).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await run('show', 'valves')).toMatchObject({ exitCode: 1, stdout: '' })
  })

  test('creates a knowledge base with chunks of its own, or not at all', async () => {
    const { run, service } = await withBases({})
    const { stdout } = await run('create', 'law', '--chunk-tokens', '100', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ slug: 'law', chunkTokens: 100, chunkOverlapTokens: null })
    service.updateKnowledgeBase = () => Promise.reject(new InkstoneError('invalid_request', 'too much overlap'))
    expect(await run('create', 'acts', '--chunk-overlap-tokens', '99')).toMatchObject({ exitCode: 1, stdout: '' })
    expect((await service.listKnowledgeBases()).map(({ slug }) => slug)).toEqual(['law'])
  })

  test('ends with 2 for sizes that cannot be, and when there is nothing to set', async () => {
    const { run } = await withBases({}, 'pumps')
    for (const wrong of ['many', '8', '-1', '300.5']) {
      expect(await run('set', 'pumps', `--chunk-tokens=${wrong}`)).toMatchObject({ exitCode: 2, stdout: '' })
    }
    const { exitCode, stderr } = await run('set', 'pumps')
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nothing to set') })
  })

  test('reindexes, waits for the end and counts what cannot be read', async () => {
    const problemOf = (text: string) => (text === 'bad' ? { code: 'file_corrupt', message: 'cut off' } : null)
    const { run, service } = await withBases({ problemOf }, 'pumps')
    const handIn = async (text: string) => {
      await service.submit('pumps', { sourceUri: text, bytes: Readable.from([Buffer.from(text)]) })
    }
    await handIn('good')
    await run('reindex', 'pumps')
    expect(await run('reindex', 'pumps')).toEqual({
      exitCode: 0,
      stdout: 'reindexed pumps\n',
      stderr: 'reading 1 document of pumps again\n',
    })
    await handIn('bad')
    const { exitCode, stdout } = await run('reindex', 'pumps', '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ knowledgeBase: 'pumps', jobs: 2, failed: 1 })
    expect(service.calls).toContain('reindexKnowledgeBase pumps')
  })

  test('does not delete without --yes when nobody can be asked', async () => {
    const { run, service } = await withBases({}, 'pumps')
    const { exitCode, stderr } = await run('delete', 'pumps')
    expect(exitCode).toBe(1)
    expect(stderr).toBe('error: deleting pumps has to be confirmed\nremedy: add --yes\n')
    expect(await service.listKnowledgeBases()).toHaveLength(1)
  })

  test('deletes with --yes', async () => {
    const { run, service } = await withBases({}, 'pumps', 'valves')
    expect(await run('delete', 'pumps', '--yes')).toMatchObject({ exitCode: 0, stdout: 'deleted pumps\n' })
    expect((await service.listKnowledgeBases()).map(({ slug }) => slug)).toEqual(['valves'])
  })

  test('ends with 1 when the knowledge base is unknown or the slug is taken', async () => {
    const { run } = await withBases({}, 'pumps')
    expect((await run('rename', 'seals', 'Seals')).exitCode).toBe(1)
    expect((await run('create', 'pumps')).stderr).toBe('error: the slug pumps is taken\n')
  })
})
