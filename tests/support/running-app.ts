import type { Logger } from '../../src/core/ports.js'
import { type AppOptions, createApp } from '../../src/server/app.js'
import { listen } from '../../src/server/listen.js'
import { type ScriptedService, scriptedService } from './scripted-service.js'

/** A log line as handed to the logger. */
export interface LogLine {
  level: string
  message: string
  [field: string]: unknown
}

export interface RunningApp {
  url: string
  service: ScriptedService
  lines: LogLine[]
  close(): Promise<void>
}

/** The server on a free loopback port, in front of a service in memory. */
export async function startApp(
  options: Partial<Omit<AppOptions, 'service' | 'log'>> & { service?: ScriptedService } = {},
): Promise<RunningApp> {
  const { service = scriptedService(), ...others } = options
  const lines: LogLine[] = []
  const app = createApp({
    service,
    log: recordingLog(lines),
    allowedHosts: [],
    maxUploadBytes: 1024 * 1024,
    readiness: () => ({ ready: true, reason: null }),
    webDir: '/nonexistent/inkstone-web',
    ...others,
  })
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 500 })
  return { url, service, lines, close }
}

export function recordingLog(lines: LogLine[]): Logger {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ ...fields, level, message })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
