import { writeFileSync } from 'node:fs'
import { asParseError, parseFile } from './parse-file.js'
import { tellParent } from './parse-follower.js'
import { childMessage, type ParseReply, type ParseRequest } from './parse-messages.js'
import { partsOf } from './parse-parts.js'
import { setWatchdog } from './parse-watch.js'

/* The process in which foreign files are read. It does one file at a time and ends with its parent. */

const watching = setWatchdog({ parentPid: process.ppid, memoryBytes: Number(process.argv[2]) })
beFirstToGo()

process.on('disconnect', endGroup)
// A terminal or a service manager sends its signals to the whole group. Whether the file is given up is the parent's to
// say: were this process to end by itself, the file would be taken for one that crashes the parser.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

const now: { id: number | null; next: () => void } = { id: null, next: () => undefined }
process.on('message', (message) => {
  const understood = childMessage.parse(message)
  if (understood.type === 'next') now.next()
  else void answer(understood)
})
// Libraries also fail where nobody waits for them. What this process is worth afterwards is unknown.
process.on('uncaughtException', (thrown) => {
  if (now.id === null) process.exit(1)
  fail(now.id, thrown, { isSpent: true })
})

async function answer({ type: _, id, path, isFollowed, ...context }: ParseRequest): Promise<void> {
  now.id = id
  try {
    await watching
    send({ type: 'started', id })
    const follower = tellParent({
      tell: (news) => send({ ...news, id }),
      handOver: (news) => handOver({ ...news, id }),
    })
    const { blocks, pictures, members, ...summary } = await parseFile(path, {
      ...context,
      ...(isFollowed ? { follower } : {}),
    })
    for (const part of partsOf({ blocks, pictures, members })) await handOver({ ...part, id })
    send({ type: 'parsed', id, summary, rssBytes: process.memoryUsage.rss() })
  } catch (thrown) {
    fail(id, thrown, { isSpent: false })
  } finally {
    now.id = null
  }
}

/** Resolves when it is taken. */
async function handOver(reply: ParseReply): Promise<void> {
  const taken = new Promise<void>((resolve) => {
    now.next = resolve
  })
  send(reply)
  await taken
}

function fail(id: number, thrown: unknown, { isSpent }: { isSpent: boolean }): void {
  const { code, message, remedy } = asParseError(thrown)
  send({ type: 'failed', id, problem: { code, message, ...(remedy ? { remedy } : {}) }, isSpent })
}

function send(reply: ParseReply): void {
  // The parent may be gone: then there is nobody to tell, and the disconnect ends this process.
  process.send?.(reply, undefined, undefined, () => undefined)
}

/** With what it has started, such as an office program. */
function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.exit(0)
  }
}

/** When the whole machine runs out of memory, the kernel ends this process and not the one that holds the knowledge. */
function beFirstToGo(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // There is no such thing on this system.
  }
}
