import { describe, expect, test } from 'vitest'
import type { InkstoneService, SearchReply, SearchRequest } from '../../../src/core/service.js'
import type { Hit } from '../../../src/core/types.js'
import { makeChunk } from '../../support/chunks.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const hit: Hit = {
  rank: 1,
  score: 0.9,
  signals: { dense: 0.7, lexical: null, fused: 0.9, rerank: null },
  chunk: makeChunk({ text: 'The bearing must stay\nbelow 75 °C.', page: 12, headingPath: ['Care', 'Bearings'] }),
}

async function search(args: string[], { hits = [hit], missingPhrases }: Partial<SearchReply> = {}) {
  const requests: SearchRequest[] = []
  const memory = memoryService({ hits })
  const service: InkstoneService = {
    ...memory,
    async search(request) {
      requests.push(request)
      return { ...(await memory.search(request)), ...(missingPhrases ? { missingPhrases } : {}) }
    },
  }
  const result = await runCommandLine(['search', ...args], { service, cwd: await temporaryFolder() })
  return { ...result, requests, calls: memory.calls }
}

describe('searchCommand', () => {
  test('prints rank, place, signals and the start of the text', async () => {
    const { exitCode, stdout, stderr, calls } = await search(['bearing'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      '1. Manual, p. 12 › Care › Bearings',
      '   fused 0.90 · dense 0.70 · lexical –',
      '   The bearing must stay below 75 °C.',
      '',
    ])
    expect(calls).toEqual(['close'])
  })

  test('hands on the knowledge bases and the number of passages', async () => {
    const { requests } = await search(['bearing', '--kb', 'pumps,valves', '--kb', 'seals', '--top-k', '3'])
    expect(requests).toEqual([{ query: 'bearing', topK: 3, knowledgeBaseIds: ['pumps', 'valves', 'seals'] }])
  })

  test('hands a filter on, and refuses what is none before anything is searched', async () => {
    const filter = { field: 'tags', in: ['泵'] }
    expect((await search(['bearing', '--filter', JSON.stringify(filter)])).requests).toMatchObject([{ filter }])
    const wrong = await search(['bearing', '--filter', '{"and": [{"field": "tags"}]}'])
    expect(wrong).toMatchObject({ exitCode: 2, requests: [] })
    expect(wrong.stderr).toContain('It is no filter at and.0.field')
  })

  test('searches all knowledge bases when none is named', async () => {
    const { requests } = await search(['bearing'])
    expect(requests).toEqual([{ query: 'bearing', topK: 8 }])
  })

  test('prints the hits as one JSON document', async () => {
    const { stdout } = await search(['bearing', '--json'])
    expect(JSON.parse(stdout)).toEqual({ hits: [hit] })
  })

  test('says on standard error which phrases no passage holds', async () => {
    const { stdout, stderr } = await search(['"a b" "c"'], { missingPhrases: ['a b', 'c'] })
    expect(stdout).toContain('1. Manual')
    expect(stderr).toBe('nothing was found with "a b", "c" together: searched for as words\n')
  })

  test('says on standard error that nothing was found, and ends with 0', async () => {
    expect(await search(['bearing'], { hits: [] })).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'nothing was found\n',
    })
  })
})
