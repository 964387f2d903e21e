import { access } from 'node:fs/promises'
import { z } from 'zod'
import type { Config } from '../../config/settings.js'
import { findLlamaLibrary, installRemedy } from '../../generate/models/llama-library.js'
import type { Check } from './check.js'

const name = 'language model'

/** Where language model servers listen when nobody has said otherwise. */
export const usualServers: readonly { name: string; baseUrl: string }[] = [
  { name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp or LocalAI', baseUrl: 'http://127.0.0.1:8080/v1' },
  { name: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1' },
  { name: 'SGLang', baseUrl: 'http://127.0.0.1:30000/v1' },
  { name: 'Jan', baseUrl: 'http://127.0.0.1:1337/v1' },
  { name: 'KoboldCpp', baseUrl: 'http://127.0.0.1:5001/v1' },
  { name: 'GPT4All', baseUrl: 'http://127.0.0.1:4891/v1' },
]

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) })

export type ModelListReply = { reached: true; models: string[] } | { reached: false; reason: string }

/** Asks an OpenAI-compatible server for its models. Never throws: a server that is not there is a result. */
export async function listModels(
  baseUrl: string,
  { apiKey, timeoutMs }: { apiKey?: string | undefined; timeoutMs: number },
): Promise<ModelListReply> {
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      // A server of this machine must not lead to one elsewhere.
      redirect: 'manual',
    })
    if (!response.ok) return { reached: false, reason: `it answered with status ${response.status}` }
    return { reached: true, models: modelList.parse(await response.json()).data.map(({ id }) => id) }
  } catch (error) {
    return { reached: false, reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'it does not answer as an OpenAI server does'
  if (error instanceof Error && error.name === 'TimeoutError') return 'it did not answer in time'
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
}

/**
 * The configured language model, or, when there is none, the servers found at their usual places on this machine.
 * @param servers places to look at; only loopback ones belong here
 */
export async function languageModelChecks(
  config: Config,
  { servers = usualServers }: { servers?: readonly { name: string; baseUrl: string }[] } = {},
): Promise<Check[]> {
  if (config.llmModelPath !== undefined) return [await modelFileCheck(config.llmModelPath, config)]
  if (config.llmBaseUrl !== undefined && config.llmProtocol === 'replicate') {
    return [await replicateCheck(config.llmBaseUrl, config)]
  }
  if (config.llmBaseUrl !== undefined) return [await configuredCheck(config.llmBaseUrl, config)]
  const found = await Promise.all(servers.map((server) => foundCheck(server)))
  const none: Check = {
    name,
    status: 'ok',
    message: 'none is configured and none was found on this machine: answers are quotes',
  }
  const checks = found.filter((check) => check !== null)
  return checks.length === 0 ? [none] : checks
}

async function configuredCheck(baseUrl: string, config: Config): Promise<Check> {
  const reply = await listModels(baseUrl, { apiKey: config.llmApiKey, timeoutMs: 3_000 })
  if (!reply.reached) {
    return {
      name,
      status: 'fail',
      message: `the language model server at ${baseUrl} cannot be used: ${reply.reason}`,
      remedy: 'start it, or mend INKSTONE_LLM_BASE_URL and INKSTONE_LLM_API_KEY; until then answers are quotes',
    }
  }
  const wanted = config.llmModel ?? reply.models[0]
  if (wanted !== undefined && reply.models.includes(wanted)) {
    return { name, status: 'ok', message: `${wanted} at ${baseUrl}` }
  }
  const offered = reply.models.length === 0 ? 'it offers no model' : `it offers ${reply.models.join(', ')}`
  return {
    name,
    status: 'warn',
    message: `${baseUrl} does not list ${wanted ?? 'any model'}: ${offered}`,
    remedy: 'load the model there, or set INKSTONE_LLM_MODEL to one that it offers',
  }
}

/** Whether the key is taken; that says nothing of the model, for which a prediction would have to be paid. */
async function replicateCheck(baseUrl: string, { llmApiKey, llmModel = '' }: Config): Promise<Check> {
  const reason = await fetch(`${baseUrl.replace(/\/+$/, '')}/account`, {
    headers: llmApiKey === undefined ? {} : { authorization: `Bearer ${llmApiKey}` },
    signal: AbortSignal.timeout(3_000),
    redirect: 'manual',
  }).then(({ ok, status }) => (ok ? null : `it answered with status ${status}`), reasonOf)
  if (reason === null) return { name, status: 'ok', message: `${llmModel} at ${baseUrl}, which takes the key` }
  return {
    name,
    status: 'fail',
    message: `the language model server at ${baseUrl} cannot be used: ${reason}`,
    remedy: 'mend INKSTONE_LLM_BASE_URL and INKSTONE_LLM_API_KEY; until then answers are quotes',
  }
}

/** Both the file and the library that runs it; neither is loaded. */
async function modelFileCheck(path: string, { home }: Config): Promise<Check> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    return { name, status: 'fail', message: `there is no file ${path}`, remedy: 'mend INKSTONE_LLM_MODEL_PATH' }
  }
  const library = findLlamaLibrary(home)
  if (library !== null) return { name, status: 'ok', message: `${path}, run by ${library}` }
  return {
    name,
    status: 'fail',
    message: `${path} cannot be run: node-llama-cpp is missing`,
    remedy: installRemedy(home),
  }
}

async function foundCheck(server: { name: string; baseUrl: string }): Promise<Check | null> {
  const reply = await listModels(server.baseUrl, { timeoutMs: 700 })
  if (!reply.reached) return null
  const models = reply.models.length === 0 ? 'no model loaded' : reply.models.join(', ')
  const [first] = reply.models
  const model = first === undefined ? '' : ` and INKSTONE_LLM_MODEL=${first}`
  return {
    name,
    status: 'ok',
    message: `none is configured, but ${server.name} answers at ${server.baseUrl} (${models})`,
    remedy: `to use it, set INKSTONE_LLM_BASE_URL=${server.baseUrl}${model}`,
  }
}
