import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { usageMeter } from '../../../src/ingest/parse/parse-usage.js'

const isLinux = process.platform === 'linux'

/** Runs a program in a process group of its own; resolves when it has said something. */
async function start(script: string): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const { pid } = child
  if (pid === undefined) throw new Error('the program did not start')
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  })
  await once(child.stdout, 'data')
  return { child, pid }
}

const busyAndFat = `
  const kept = Buffer.alloc(200e6, 1)
  const end = Date.now() + 300
  while (Date.now() < end);
  console.log(kept.length)
  setInterval(() => undefined, 1e6)`

describe('usageMeter', () => {
  test('measures memory and processor time of a process', async () => {
    const { pid } = await start(busyAndFat)
    const usage = await usageMeter(pid).sample()
    expect(usage?.rssBytes).toBeGreaterThan(200e6)
    expect(usage?.cpuMs).toBeGreaterThan(150)
    expect(usage?.processes).toBe(1)
  })

  test.runIf(isLinux)('counts what the process has started, also when it has begun to', async () => {
    const fatChild = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busyAndFat)}], {
      stdio: ['ignore', 'inherit', 'inherit'] })`
    const { pid } = await start(fatChild)
    const usage = await usageMeter(pid).sample()
    expect(usage?.processes).toBe(2)
    expect(usage?.rssBytes).toBeGreaterThan(200e6)
  })

  test('says when the process is gone', async () => {
    const { child, pid } = await start(`console.log('x')`)
    if (child.exitCode === null) await once(child, 'exit')
    expect(await usageMeter(pid).sample()).toBeNull()
  })
})
