import { join } from 'node:path'
import type { Config } from '../config/settings.js'
import { toInkstoneError } from '../core/errors.js'
import type { Logger } from '../core/ports.js'
import { isModelInstalled } from '../embed/installed.js'
import { findModel } from '../embed/models.js'
import { type Inkstone, openInkstone } from '../inkstone.js'
import { createApp } from '../server/app.js'
import { listen } from '../server/listen.js'
import { createLogger } from '../server/log.js'
import type { CliContext } from './context.js'
import { installModel } from './install-model.js'
import { fileLine } from './render/ingest.js'
import { secondsText } from './render/quantity.js'
import { ingestSample } from './sample.js'
import { sampleQuestions } from './sample-questions.js'
import type { Terminal } from './terminal.js'

/** What the server says of itself at /readyz. */
interface Readiness {
  ready: boolean
  reason: string
}

export interface ServeOptions {
  context: CliContext
  /** Ingest the sample documents before the server calls itself ready. */
  sample: boolean
  json: boolean
}

/**
 * Opens the home and serves it until the context's signal fires. The page is up before the sample is ingested.
 * @throws InkstoneError `model_download_failed`, `home_locked`, and what keeps the server from listening
 */
export async function serveHome(config: Config, options: ServeOptions): Promise<void> {
  const { context, sample } = options
  const log = createLogger({ level: config.logLevel })
  await installMissingModel(config, context)
  const inkstone = await openInkstone(config, { log })
  const readiness: Readiness = { ready: !sample, reason: 'the sample documents are being ingested' }
  try {
    inkstone.requireModel()
    const server = await startServer(inkstone, config, { context, log, readiness })
    try {
      await inkstone.setUrl(server.url)
      announce('listening', server.url, options)
      if (sample) await prepareSample(inkstone, context, log)
      readiness.ready = true
      announce('ready', server.url, options)
      await untilStopped(context.signal)
      log.info({}, 'stopping')
    } finally {
      await server.close()
    }
  } finally {
    await inkstone.close()
  }
}

async function installMissingModel(config: Config, context: CliContext): Promise<void> {
  if (config.embedBaseUrl !== undefined) return
  const model = findModel(config.embedModel)
  if (await isModelInstalled(model, config.modelsDir)) return
  context.terminal.note(`fetching the embedding model ${model.id}, once`)
  await installModel(model, config, { context })
}

async function startServer(
  inkstone: Inkstone,
  config: Config,
  { context, log, readiness }: { context: CliContext; log: Logger; readiness: Readiness },
): Promise<{ url: string; close(): Promise<void> }> {
  const app = createApp({
    service: inkstone,
    log,
    ...(config.apiKey === undefined ? {} : { apiKey: config.apiKey }),
    host: config.host,
    allowedHosts: config.allowedHosts,
    maxUploadBytes: config.maxUploadBytes,
    readiness: () => readiness,
    webDir: join(context.packageRoot, 'dist', 'web'),
  })
  return listen(app, { host: config.host, port: config.port })
}

/** What is wrong with the sample must not take the server down: it is said, and the rest works. */
async function prepareSample(inkstone: Inkstone, context: CliContext, log: Logger): Promise<void> {
  const { terminal, packageRoot, cwd, signal } = context
  const paint: typeof terminal.paint = (format, text) => terminal.paint(format, text, 'stderr')
  try {
    await ingestSample(inkstone, {
      packageRoot,
      signal,
      onFile: (event) => {
        if (event.outcome !== 'unchanged') terminal.note(fileLine(event, { cwd, paint }))
      },
    })
  } catch (error) {
    if (signal.aborted) return
    const { code, message, remedy } = toInkstoneError(error)
    log.error({ code, remedy }, `the sample documents were not ingested: ${message}`)
  }
}

function announce(type: 'listening' | 'ready', url: string, { context, sample, json }: ServeOptions): void {
  const { terminal, signal } = context
  if (signal.aborted) return
  // Counted from the start of the process.
  const seconds = Math.round(performance.now()) / 1000
  if (json) terminal.printJson({ type, url, seconds })
  else if (type === 'listening') terminal.note(`listening at ${url}`)
  else {
    terminal.print(`Inkstone is ready in ${secondsText(seconds)}: ${terminal.paint('bold', url)}`)
    if (sample) showSampleQuestions(terminal)
  }
}

function showSampleQuestions(terminal: Terminal): void {
  terminal.print('Try one of these questions:')
  for (const question of sampleQuestions) terminal.print(`  ${question}`)
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
