import pino, { type DestinationStream } from 'pino'
import type { Logger } from '../core/ports.js'

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where the lines go; standard error when left out. */
  destination?: DestinationStream
}

/** A logger that writes one JSON object a line, with the time in ISO 8601 and the level by name. */
export function createLogger({ level, destination = pino.destination({ dest: 2, sync: true }) }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
    },
    destination,
  )
}
