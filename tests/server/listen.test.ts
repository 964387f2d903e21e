import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/server/app.js'
import { listen } from '../../src/server/listen.js'
import { openRequest, rawRequest } from '../support/raw-request.js'
import { type RunningApp, recordingLog, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'
import { until } from '../support/until.js'

let running: RunningApp
beforeEach(async () => {
  running = await startApp()
  await running.service.createKnowledgeBase({ slug: 'manuals' })
})
afterEach(() => running.close().catch(() => undefined))

const app = () =>
  createApp({
    service: scriptedService(),
    log: recordingLog([]),
    allowedHosts: [],
    maxUploadBytes: 1,
    readiness: () => ({ ready: true, reason: null }),
    webDir: '/nonexistent',
  })

describe('listen', () => {
  test('tells the URL with the port it was given', async () => {
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await rawRequest(running.url, '/livez')).status).toBe(200)
  })

  test('says which port is taken and what to do', async () => {
    const port = Number(new URL(running.url).port)
    await expect(listen(app(), { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'address_in_use',
      message: `port ${port} of 127.0.0.1 is taken by another program`,
      remedy: expect.stringContaining('INKSTONE_PORT'),
    })
  })

  test('says when an address is not of this machine', async () => {
    await expect(listen(app(), { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ code: 'invalid_configuration' })
  })

  test('ends event streams with a reason when it closes', async () => {
    async function* bytes() {
      yield Buffer.from('one')
    }
    const { job } = await running.service.submit('manuals', { sourceUri: 'a.txt', bytes: bytes() })
    const reply = rawRequest(running.url, `/v1/jobs/${job?.id}/events`)
    await until(() => running.service.streamsUnderWay() === 1)
    await running.close()
    const { text } = await reply
    expect(text).toMatch(/^event: job\n/)
    expect(JSON.parse(text.split('event: error\ndata: ').at(-1) ?? '')).toMatchObject({ code: 'cancelled' })
    await until(() => running.service.streamsUnderWay() === 0)
  })

  test('does not wait for the connections that ended streams leave behind', async () => {
    async function* bytes() {
      yield Buffer.from('one')
    }
    const { job } = await running.service.submit('manuals', { sourceUri: 'a.txt', bytes: bytes() })
    // Keeps its connection for the next request, as browsers do.
    const reply = await fetch(`${running.url}/v1/jobs/${job?.id}/events`)
    const startedAt = performance.now()
    await Promise.all([running.close(), reply.text()])
    // The grace of `startApp` is 500 ms.
    expect(performance.now() - startedAt).toBeLessThan(400)
  })

  test('cuts what does not end by itself when it closes', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const outgoing = openRequest(running.url, '/v1/knowledge-bases/manuals/documents', { headers })
    const cut = new Promise((resolve) => outgoing.on('error', resolve))
    outgoing.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nnever')
    await until(() => running.service.uploadsUnderWay() === 1)
    await running.close()
    await cut
    await until(() => running.service.uploadsUnderWay() === 0)
    expect(running.service.storedDocuments()).toEqual([])
  })

  test('takes no requests after it has closed', async () => {
    await running.close()
    await expect(rawRequest(running.url, '/livez')).rejects.toThrow('ECONNREFUSED')
  })
})
