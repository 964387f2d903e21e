import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { terminal } from '../../src/cli/terminal.js'
import { textSink } from '../support/command-line.js'

afterEach(() => vi.unstubAllEnvs())

/** What Node reads to decide on colours (`getColorDepth`): a build server sets some of them. */
const colourVariables = [
  'NO_COLOR',
  'FORCE_COLOR',
  'NODE_DISABLE_COLORS',
  'CI',
  'TEAMCITY_VERSION',
  'TF_BUILD',
  'TMUX',
  'COLORTERM',
]

/** A stream that calls itself a terminal with colours. */
function screen() {
  const sink = textSink()
  const stream = Object.assign(sink.stream, { isTTY: true, getColorDepth: WriteStream.prototype.getColorDepth })
  return { stream, text: sink.text }
}

describe('terminal', () => {
  test('keeps data and notes apart', () => {
    const [stdout, stderr] = [textSink(), textSink()]
    const shown = terminal({ stdin: new PassThrough(), stdout: stdout.stream, stderr: stderr.stream })
    shown.print('data')
    shown.printJson({ a: 1 })
    shown.note('a note')
    expect(stdout.text()).toBe('data\n{"a":1}\n')
    expect(stderr.text()).toBe('a note\n')
  })

  test('is interactive only when a person reads and writes', () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    const onScreen = terminal({ stdin, stdout: screen().stream, stderr: screen().stream })
    const inPipe = terminal({ stdin, stdout: textSink().stream, stderr: screen().stream })
    expect([onScreen.isInteractive, inPipe.isInteractive]).toEqual([true, false])
  })

  test('colours on a terminal, and neither in a pipe nor with NO_COLOR', () => {
    for (const name of colourVariables) vi.stubEnv(name, undefined)
    vi.stubEnv('TERM', 'xterm-256color')
    const shown = terminal({ stdin: new PassThrough(), stdout: screen().stream, stderr: textSink().stream })
    expect(shown.paint('red', 'no')).toBe('\u001b[31mno\u001b[39m')
    expect(shown.paint('red', 'no', 'stderr')).toBe('no')
    vi.stubEnv('NO_COLOR', '1')
    expect(shown.paint('red', 'no')).toBe('no')
  })

  test.each([
    ['y\n', true],
    ['是\n', true],
    ['\n', false],
    ['n\n', false],
  ])('takes the reply %j to a question as %s', async (reply, yes) => {
    const stdin = new PassThrough()
    const stderr = textSink()
    const shown = terminal({ stdin, stdout: textSink().stream, stderr: stderr.stream })
    const replied = shown.confirm('Delete pumps?', { signal: new AbortController().signal })
    stdin.write(reply)
    expect(await replied).toBe(yes)
    expect(stderr.text()).toContain('Delete pumps? [y/N] ')
  })
})
