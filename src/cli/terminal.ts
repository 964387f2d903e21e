import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]
type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }

/** Where the command line writes: data on standard output, everything else on standard error. */
export interface Terminal {
  /** Whether a person is watching: both streams are terminals, so bars may move and questions may be asked. */
  isInteractive: boolean
  stderr: NodeJS.WritableStream
  /** Writes data to standard output exactly as it is. */
  write(text: string): void
  /** Writes a line of data to standard output. */
  print(line: string): void
  /** Writes one JSON document to a line of standard output. */
  printJson(value: unknown): void
  /** Writes a line for people to standard error. */
  note(line: string): void
  /** Colours text for one of the streams: plain when that is no terminal or NO_COLOR is set. */
  paint(format: Format, text: string, target?: 'stdout' | 'stderr'): string
  /** Asks a yes-or-no question; anything but yes is no. */
  confirm(question: string, options: { signal: AbortSignal }): Promise<boolean>
}

export interface TerminalStreams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: Stream
  stderr: Stream
}

export function terminal({ stdin, stdout, stderr }: TerminalStreams): Terminal {
  const streams = { stdout, stderr }
  const print = (line: string) => void stdout.write(`${line}\n`)
  return {
    isInteractive: stdout.isTTY === true && stderr.isTTY === true && stdin.isTTY === true,
    stderr,
    write: (text) => void stdout.write(text),
    print,
    printJson: (value) => print(JSON.stringify(value)),
    note: (line) => void stderr.write(`${line}\n`),
    paint: (format, text, target = 'stdout') => styleText(format, text, { stream: streams[target] }),
    async confirm(question, { signal }) {
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        const reply = await lines.question(`${question} [y/N] `, { signal })
        return /^(y|yes|是)$/i.test(reply.trim())
      } finally {
        lines.close()
      }
    },
  }
}
