import { describe, expect, test } from 'vitest'
import { createLanes } from '../../web/lanes.js'

describe('createLanes', () => {
  test('runs no more tasks at a time than it has lanes, and all of them in order', async () => {
    const lane = createLanes(2)
    const now = { running: 0, most: 0 }
    const started: number[] = []
    const task = (number: number) => async () => {
      started.push(number)
      now.running += 1
      now.most = Math.max(now.most, now.running)
      await new Promise((resolve) => setImmediate(resolve))
      now.running -= 1
      return number
    }
    const numbers = [0, 1, 2, 3, 4, 5]
    expect(await Promise.all(numbers.map((number) => lane(task(number))))).toEqual(numbers)
    expect(now.most).toBe(2)
    expect(started).toEqual(numbers)
  })

  test('goes on after a task that failed', async () => {
    const lane = createLanes(1)
    await expect(lane(async () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(await lane(async () => 'next')).toBe('next')
  })
})
