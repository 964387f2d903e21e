import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRequest, type RawReply, rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { until } from '../support/until.js'

const maxUploadBytes = 200_000
const path = '/v1/knowledge-bases/manuals/documents'
const multipart = { 'content-type': 'multipart/form-data; boundary=b' }

let running: RunningApp
beforeEach(async () => {
  running = await startApp({ maxUploadBytes })
  await running.service.createKnowledgeBase({ slug: 'manuals' })
})
afterEach(() => running.close())

const field = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file = (name: string, fileName: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\n` +
  `Content-Type: application/octet-stream\r\n\r\n${content}\r\n`
const end = '--b--\r\n'
const send = (body: string, headers: Record<string, string> = multipart) =>
  rawRequest(running.url, path, { method: 'POST', headers, body })
const detailOf = (reply: RawReply) => `${reply.status} ${JSON.parse(reply.text).detail}`

/** Nothing stored, nothing under way, and every upload's signal has fired. */
async function expectNothingLeft() {
  await until(() => running.service.uploadsUnderWay() === 0)
  expect(running.service.storedDocuments()).toEqual([])
  expect(running.service.signals.every(({ aborted }) => aborted)).toBe(true)
}

describe('receiveUpload', () => {
  test('answers 202 with the job for new content and 200 for known content', async () => {
    const reply = await send(file('file', 'pump.txt', 'text') + end)
    const { outcome, job, document } = JSON.parse(reply.text)
    expect(reply.status).toBe(202)
    expect(reply.headers.location).toBe(`/v1/jobs/${job.id}`)
    expect({ outcome, sourceUri: document.sourceUri }).toEqual({ outcome: 'created', sourceUri: 'pump.txt' })
    const again = await send(file('file', 'pump.txt', 'text') + end)
    expect(again.status).toBe(200)
    expect(again.headers).not.toHaveProperty('location')
    expect(JSON.parse(again.text)).toMatchObject({ outcome: 'unchanged', job: null })
  })

  test('knows a file by the name without its folders, or by sourceUri with them', async () => {
    const sourceOf = async (body: string) => JSON.parse((await send(body)).text).document.sourceUri
    expect(await sourceOf(file('file', '../../etc/手册.txt', '1') + end)).toBe('手册.txt')
    expect(await sourceOf(file('file', 'C:\\\\docs\\\\泵.txt', '2') + end)).toBe('泵.txt')
    expect(await sourceOf(field('sourceUri', '维护/泵.txt') + file('file', 'x.txt', '3') + end)).toBe('维护/泵.txt')
  })

  test('reads passwords and priority', async () => {
    const fields = field('passwords', '["一","two"]') + field('priority', 'background')
    expect((await send(fields + file('file', 'a.pdf', '1') + end)).status).toBe(202)
    expect(running.service.submitted).toMatchObject([{ passwords: ['一', 'two'], priority: 'background' }])
    expect(await detailOf(await send(field('passwords', '"one"') + file('file', 'b', '1') + end))).toMatch(/^400 /)
    expect(await detailOf(await send(field('passwords', '[') + file('file', 'b', '1') + end))).toContain('not JSON')
    expect(await detailOf(await send(field('priority', 'urgent') + file('file', 'b', '1') + end))).toMatch(/^400 /)
  })

  test('reads metadata', async () => {
    const reply = await send(field('metadata', '{"部门":"维护","year":2026}') + file('file', 'a.txt', '1') + end)
    expect(JSON.parse(reply.text).document.metadata).toEqual({ 部门: '维护', year: 2026 })
  })

  test.each([
    ['no file', field('sourceUri', 'a') + end, '400 the form holds no file'],
    ['a form without parts', end, '400 the form'],
    ['several files', file('file', 'a', '1') + file('file', 'b', '2') + end, '400 the form holds several files'],
    ['a file in another field', file('upload', 'a', '1') + end, '400 the form holds a file in "upload"'],
    ['text in place of the file', field('file', 'text') + end, '400 the field "file" is text'],
    ['an unknown field', field('colour', 'red') + file('file', 'a', '1') + end, '400 the form holds an unknown field'],
    [
      'a field twice',
      field('sourceUri', 'a') + field('sourceUri', 'b') + file('file', 'a', '1') + end,
      '400 the form holds "sourceUri" twice',
    ],
    [
      'metadata after the file',
      file('file', 'a', '1') + field('metadata', '{}') + end,
      '400 the field "metadata" comes after',
    ],
    [
      'metadata that is no JSON',
      field('metadata', '{') + file('file', 'a', '1') + end,
      '400 the field "metadata" is not JSON',
    ],
    [
      'nested metadata',
      field('metadata', '{"a":{}}') + file('file', 'a', '1') + end,
      '400 the metadata is not valid at /a',
    ],
    [
      'a field that is too long',
      field('metadata', 'x'.repeat(70_000)) + file('file', 'a', '1') + end,
      '400 the field "metadata" is too long',
    ],
    ['a file without a name', file('file', '', '1') + end, '400 '],
    ['a form that breaks off', file('file', 'a', '1'), '400 the form is damaged'],
    ['a damaged part', `--b\r\nContent-Disposition\0: x\r\n\r\n1\r\n${end}`, '400 the form'],
    ['a file over the limit', file('file', 'a', 'x'.repeat(maxUploadBytes + 1)) + end, '413 the file is larger'],
  ])('refuses %s and leaves nothing', async (_what, body, expected) => {
    expect(detailOf(await send(body))).toContain(expected)
    await expectNothingLeft()
  })

  test('refuses another content type and a form without boundary', async () => {
    expect((await send('x', { 'content-type': 'application/pdf' })).status).toBe(415)
    expect((await send('{}', { 'content-type': 'application/json' })).status).toBe(415)
    expect((await send('x', { 'content-type': 'multipart/form-data' })).status).toBe(400)
    expect((await send('', {})).status).toBe(415)
  })

  test('refuses a declared length over the limit before a byte of the body has come', async () => {
    const headers = { ...multipart, 'content-length': String(10_000_000_000) }
    const outgoing = openRequest(running.url, path, { headers })
    const status = new Promise<number | undefined>((resolve) =>
      outgoing.on('response', (reply) => resolve(reply.statusCode)),
    )
    outgoing.on('error', () => undefined)
    outgoing.flushHeaders()
    expect(await status).toBe(413)
    outgoing.destroy()
    expect(running.service.signals).toEqual([])
  })

  test('refuses a chunked file over the limit while it is still coming', async () => {
    const outgoing = openRequest(running.url, path, { headers: multipart })
    const status = new Promise<number | undefined>((resolve) =>
      outgoing.on('response', (reply) => resolve(reply.statusCode)),
    )
    outgoing.on('error', () => undefined)
    outgoing.write(file('file', 'a.bin', 'x'.repeat(maxUploadBytes + 1)))
    expect(await status).toBe(413)
    outgoing.destroy()
    await expectNothingLeft()
  })

  test('lets go of everything when the client leaves in the middle', async () => {
    const outgoing = openRequest(running.url, path, { headers: multipart })
    outgoing.on('error', () => undefined)
    outgoing.write(file('file', 'a.bin', 'x'.repeat(1_000)).slice(0, -2))
    await until(() => running.service.uploadsUnderWay() === 1)
    outgoing.destroy()
    await expectNothingLeft()
  })

  test.each([
    ['breaks off', null],
    ['brings a second file', `Content-Disposition: form-data; name="file"; filename="b"\r\n\r\n2\r\n${end}`],
  ])('stores nothing when the form %s after the file has come whole', async (_how, rest) => {
    const outgoing = openRequest(running.url, path, { headers: multipart })
    const status = new Promise<number | undefined>((resolve) => {
      outgoing.on('response', (reply) => resolve(reply.statusCode))
      outgoing.on('error', () => resolve(undefined))
    })
    outgoing.write(`${file('file', 'a', '1')}--b\r\n`)
    await until(() => running.service.uploadsUnderWay() === 1)
    // By the time of this reply the service has read all there is to read.
    expect((await rawRequest(running.url, '/livez')).status).toBe(200)
    if (rest === null) outgoing.destroy()
    else outgoing.end(rest)
    expect(await status).toBe(rest === null ? undefined : 400)
    await expectNothingLeft()
  })

  test('answers what the service throws without waiting for the rest of the file', async () => {
    const outgoing = openRequest(running.url, '/v1/knowledge-bases/none/documents', { headers: multipart })
    const status = new Promise<number | undefined>((resolve) =>
      outgoing.on('response', (reply) => resolve(reply.statusCode)),
    )
    outgoing.on('error', () => undefined)
    outgoing.write(file('file', 'a.bin', 'x'.repeat(1_000)))
    expect(await status).toBe(404)
    outgoing.destroy()
  })
})
