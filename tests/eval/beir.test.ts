import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBeir } from '../../src/eval/beir.js'
import { collect } from '../support/collect.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const passages = [
  { _id: 'p1', title: 'Pump', text: 'It pumps.' },
  { _id: 'p2', title: '阀门', text: '' },
]
const queries = [
  { _id: 'q1', text: 'What pumps?', answers: ['It'] },
  { _id: 'q2', text: 'unjudged' },
]
const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join('\n')

async function folderOf(given: Record<string, string | Buffer> = {}): Promise<string> {
  const folder = join(await temporaryFolder(), 'tiny')
  const plain = {
    'corpus.jsonl': lines(passages),
    'queries.jsonl': lines(queries),
    'qrels.tsv': 'q1\tp1\t2\nq1\tp2\t0\n',
  }
  await mkdir(join(folder, 'qrels'), { recursive: true })
  for (const [name, content] of Object.entries({ ...plain, ...given })) {
    if (content !== '') await writeFile(join(folder, name), content)
  }
  return folder
}

describe('openBeir', () => {
  test('reads passages, queries that are judged, and what is right for them', async () => {
    const set = await openBeir(await folderOf())
    expect(set).toMatchObject({ name: 'tiny', passages: 2 })
    expect(set.queries).toEqual([{ id: 'q1', text: 'What pumps?', judgments: new Map([['p1', 2]]) }])
    // A passage without text is found by its title.
    expect(await collect(set.readPassages())).toEqual([
      { id: 'p1', title: 'Pump', text: 'It pumps.' },
      { id: 'p2', title: '阀门', text: '阀门' },
    ])
  })

  test('takes passages with the same title and text for one, whichever of them is judged', async () => {
    const twin = { ...passages[0], _id: 'p3' }
    const other = { ...passages[0], _id: 'p4', title: 'Another pump' }
    const set = await openBeir(
      await folderOf({ 'corpus.jsonl': lines([...passages, twin, other]), 'qrels.tsv': 'q1\tp3\t1\nq1\tp1\t2\n' }),
    )
    expect(set).toMatchObject({ passages: 4, twins: 1 })
    expect((await collect(set.readPassages())).map(({ id }) => id)).toEqual(['p1', 'p2', 'p4'])
    expect(set.queries[0]?.judgments).toEqual(new Map([['p1', 2]]))
  })

  test('reads gzipped files, a header line, and judgments in their own folder', async () => {
    const folder = await folderOf({
      'corpus.jsonl': '',
      'corpus.jsonl.gz': gzipSync(lines(passages)),
      'qrels.tsv': '',
      'qrels/test.tsv.gz': gzipSync('query-id\tcorpus-id\tscore\r\nq1\tp2\t1\r\n'),
    })
    expect((await openBeir(folder)).queries[0]?.judgments).toEqual(new Map([['p2', 1]]))
  })

  test.each([
    ['corpus.jsonl', `${lines(passages)}\n{"_id": "p3"}`, /corpus\.jsonl, line 3: text /],
    ['corpus.jsonl', '{"_id": "p1", "text": "a"}\nnot json', /corpus\.jsonl, line 2: /],
    ['corpus.jsonl', lines([...passages, ...passages]), /line 3: the id p1 was there before/],
    ['corpus.jsonl', lines([{ _id: 'p1', text: ' ' }]), /line 1: neither title nor text/],
    ['queries.jsonl', lines([{ _id: 'q1' }]), /queries\.jsonl, line 1: text /],
    ['qrels.tsv', 'q1\tp1\t1\nq9\tp1\t1', /qrels\.tsv, line 2: there is no query q9/],
    ['qrels.tsv', 'q1\tp1\tmuch', /qrels\.tsv, line 1: 2 /],
    ['qrels.tsv', 'q1 p1 1', /qrels\.tsv, line 1: /],
    ['qrels.tsv', 'q1\tp9\t1\nq1\tp1\t1', /names 1 passages that are not there: p9/],
    ['qrels.tsv', 'q1\tp1\t0', /holds no judgment above 0/],
  ])('says what is wrong in %s, and on which line', async (name, content, message) => {
    const folder = await folderOf({ [name]: content })
    await expect(openBeir(folder)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    })
  })

  test('names a file that is not there, or is cut short', async () => {
    await expect(openBeir(await folderOf({ 'qrels.tsv': '' }))).rejects.toMatchObject({
      code: 'not_found',
      remedy: expect.stringContaining('queries.jsonl'),
    })
    const cut = gzipSync(lines(passages)).subarray(0, 40)
    const folder = await folderOf({ 'corpus.jsonl': '', 'corpus.jsonl.gz': cut })
    await expect(openBeir(folder)).rejects.toMatchObject({ code: 'file_corrupt', message: /corpus\.jsonl\.gz/ })
  })
})
