import { fork } from 'node:child_process'
import { compiledUrl } from '../core/compiled.js'
import { type UpkeepRequest, upkeepReply } from './upkeep-messages.js'

/**
 * Malloc keeps what large blocks leave behind in an arena for each thread, up to eight for each core, and takes blocks
 * of up to 32 MiB from them once it has seen some. Read when a process starts, so that only a new one can have them.
 */
const leanMalloc = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }

/** What LanceDB and the system's temporary files need of the environment. Keys and the like stay here. */
const passedOn = /^(LANCE_\w+|TMPDIR|TMP|TEMP|SystemRoot)$/i

/**
 * Takes a step of a table's upkeep in a process of its own, which takes the memory along when it ends. Nobody else may
 * write to the table meanwhile; an open table sees the new version after `checkoutLatest`.
 * @throws Error with LanceDB's message, or that the process ended before it was done
 */
export async function takeStepApart(
  request: UpkeepRequest,
  { environment }: { environment: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  const needed = Object.entries(environment).filter(([name]) => passedOn.test(name))
  const child = fork(compiledUrl('upkeep-child.js', import.meta.url), [], {
    env: { ...Object.fromEntries(needed), ...leanMalloc },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`the upkeep of a table ended with ${signal ?? code}`))
    child.once('error', (error) => resolve(error.message))
  })
  const replied = new Promise<unknown>((resolve) => {
    child.once('message', resolve)
  })
  child.send(request, () => undefined)
  const outcome = await Promise.race([replied, ended])
  child.kill('SIGKILL')
  await ended
  const error = typeof outcome === 'string' ? outcome : upkeepReply.parse(outcome).error
  if (error !== null) throw new Error(error)
}
