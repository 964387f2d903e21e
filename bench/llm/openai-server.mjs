// A small OpenAI-compatible server over one GGUF file, for bench/llm.mjs. Prints its URL, then a line for each
// completion that ended: {"idleSince": milliseconds since 1970, "tokens": n, "complete": true | false}.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { llamaModel } from '../../dist/generate/models/llama.js'
import { idleSince } from './idle.mjs'

const [modelPath, home, threads] = process.argv.slice(2)
const model = llamaModel({ modelPath, home, contextTokens: 8192, threads: Number(threads), temperature: 0 })

const server = createServer(async (request, response) => {
  if (request.url.endsWith('/models')) return response.end(JSON.stringify({ data: [{ id: model.modelId }] }))
  const { messages, max_tokens: maxTokens } = await json(request)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  const send = (chunk) => response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  const ended = { tokens: 0, complete: false }
  try {
    for await (const event of model.stream(messages, { maxTokens, signal: gone.signal })) {
      if (event.type === 'delta') {
        ended.tokens++
        send({ choices: [{ delta: { content: event.text } }] })
      } else if (event.type === 'finish') {
        send({ choices: [{ delta: {}, finish_reason: event.reason === 'length' ? 'length' : 'stop' }] })
      } else {
        send({
          choices: [],
          usage: { prompt_tokens: event.usage.inputTokens, completion_tokens: event.usage.outputTokens },
        })
      }
    }
    ended.complete = true
    response.end('data: [DONE]\n\n')
  } catch (error) {
    if (!gone.signal.aborted) response.end(`data: ${JSON.stringify({ error: { message: String(error) } })}\n\n`)
  }
  console.log(JSON.stringify({ idleSince: await idleSince(), ...ended }))
})
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/v1` })),
)
