import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ingestSample, sampleSlug } from '../../src/cli/sample.js'
import { settings } from '../../src/config/settings.js'
import { type Inkstone, openInkstone } from '../../src/inkstone.js'
import { runCommandLine } from '../support/command-line.js'
import { testModelsDir } from '../support/model.js'

const packageRoot = fileURLToPath(new URL('../../', import.meta.url))
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const golden = join(packageRoot, 'data', 'sample', 'golden.jsonl')

/** What the sample reaches, less what two questions weigh. A better search raises them. */
const least = ['hit@1=0.78', 'hit@5=0.92', 'passage.ndcg@10=0.83', 'contained=0.89', 'verifiedQuotes=1']
const most = ['falseRefusals=0.06', 'falseAnswers=0.2']

let home: string
let modelsDir: string

beforeAll(async () => {
  modelsDir = await testModelsDir()
  home = await mkdtemp(join(tmpdir(), 'inkstone-gate-'))
  const inkstone = await opened()
  await ingestSample(inkstone, { packageRoot, signal: new AbortController().signal, onFile() {} })
  await inkstone.close()
})
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))

const opened = () => openInkstone(settings.parse({ home, modelsDir }), { log: silent })

async function gated(service: Inkstone, more: readonly string[] = []) {
  const flags = [...least.flatMap((gate) => ['--min', gate]), ...most.flatMap((gate) => ['--max', gate]), ...more]
  return runCommandLine(['eval', '--golden', golden, '--kb', sampleSlug, ...flags], { service, cwd: home })
}

/** The service with what it found the wrong way round, as a fusion with a wrong sign would bring it. */
function upsideDown(service: Inkstone): Inkstone {
  return {
    ...service,
    async *answer(request, options) {
      for await (const event of service.answer(request, options)) {
        if (event.type !== 'done') yield event
        else yield { ...event, answer: { ...event.answer, hits: event.answer.hits.toReversed() } }
      }
    },
  }
}

describe('inkstone eval on the sample documents', () => {
  test('keeps the gates', async () => {
    const { exitCode, stderr } = await gated(await opened())
    expect({ exitCode, missed: stderr.match(/^missed.*/gm) }).toEqual({ exitCode: 0, missed: null })
  })

  test('misses them when retrieval is made worse', async () => {
    const { exitCode, stderr } = await gated(upsideDown(await opened()), ['--limit-queries', '60'])
    expect(exitCode).toBe(1)
    for (const metric of ['hit@1', 'hit@5', 'passage.ndcg@10']) expect(stderr).toContain(`missed: ${metric} is `)
  })
})
