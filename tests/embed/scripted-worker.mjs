// A worker that does what its tasks say, in place of one with a model.
import { appendFileSync, existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

if (workerData.failLoadingWhile && existsSync(workerData.failLoadingWhile)) throw new Error('cannot load')

const waiting = []
let isWorking = false

async function work() {
  isWorking = true
  while (waiting.length > 0) {
    const { id, payload } = waiting.shift()
    if (workerData.logFile) appendFileSync(workerData.logFile, `${payload.name}\n`)
    if (payload.dieWhile && existsSync(payload.dieWhile)) throw new Error('killed by its task')
    if (payload.dieAlways) throw new Error('killed by its task')
    await new Promise((resolve) => setTimeout(resolve, payload.takesMs ?? 1))
    parentPort.postMessage(
      payload.failWith
        ? { type: 'failed', id, code: payload.failWith, message: `${payload.name} failed` }
        : { type: 'done', id, result: payload.name },
    )
  }
  isWorking = false
}

parentPort.on('message', (request) => {
  if (request.type === 'close') return parentPort.close()
  if (request.payload.dieAtOnce) throw new Error('killed by its task')
  waiting.push(request)
  if (!isWorking) void work()
})
parentPort.postMessage({ type: 'ready' })
