import { describe, expect, test } from 'vitest'
import type { TuneEvent } from '../../../src/core/ports.js'
import { runCommandLine } from '../../support/command-line.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyIndex, tuneEvents } from '../../support/records.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function run(events: TuneEvent[], ...args: string[]) {
  const service = memoryService()
  await service.createKnowledgeBase({ slug: 'law' })
  async function* tuneKnowledgeBase() {
    yield* events
  }
  return runCommandLine(['kb', 'tune', 'law', ...args], {
    service: { ...service, tuneKnowledgeBase },
    cwd: await temporaryFolder(),
  })
}

describe('tuneCommand', () => {
  test('shows each setting that is tried and the one that is kept', async () => {
    const { exitCode, stdout, stderr } = await run(tuneEvents)
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'law: recall@10 98.5 % with 5 partitions and 100 candidates, 2.5 ms\n',
    })
    expect(stderr).toContain('comparing 1 vectors exactly')
    expect(stderr).toContain('lie closer to it than questions do')
  })

  test('says that every search is exact where there is no index', async () => {
    expect(await run([{ stage: 'done', tuned: null }])).toMatchObject({
      exitCode: 0,
      stdout: 'law: 2 chunks, every search is exact: there is nothing to tune\n',
    })
  })

  test('fails when no setting finds enough', async () => {
    const events = tuneEvents.map(
      (event): TuneEvent =>
        event.stage === 'done' && event.tuned ? { ...event, tuned: { ...event.tuned, target: 0.999 } } : event,
    )
    const { exitCode, stderr } = await run(events)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('no setting found 99.9 %')
  })

  test('prints one JSON document', async () => {
    const { stdout } = await run(tuneEvents, '--json')
    const last = tuneEvents.at(-1)
    const tuned = last?.stage === 'done' ? last.tuned : null
    expect(JSON.parse(stdout)).toEqual({ knowledgeBase: 'law', chunks: emptyIndex.chunks, tuned })
  })
})
