import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { failureOf, reportFailure } from '../../src/cli/failure.js'
import { terminal } from '../../src/cli/terminal.js'
import { InkstoneError } from '../../src/core/errors.js'
import { textSink } from '../support/command-line.js'

const usage = 'inkstone ask --help'
const calm = { interrupted: false, usage }

describe('failureOf', () => {
  test('is 2 for settings that are wrong and 1 for what else Inkstone throws', () => {
    expect(failureOf(new InkstoneError('invalid_configuration', 'no port'), calm).exitCode).toBe(2)
    expect(failureOf(new InkstoneError('home_locked', 'locked'), calm)).toMatchObject({
      exitCode: 1,
      problem: { code: 'home_locked', message: 'locked' },
    })
  })

  test('is 130 after Ctrl-C, whatever was thrown', () => {
    const abort = new DOMException('This operation was aborted', 'AbortError')
    expect(failureOf(abort, { interrupted: true, usage })).toMatchObject({
      exitCode: 130,
      problem: { code: 'cancelled', message: 'stopped' },
    })
    expect(failureOf(new Error('socket closed'), { interrupted: true, usage }).exitCode).toBe(130)
  })

  test('makes an error of unknown origin internal', () => {
    expect(failureOf(new TypeError('x is not a function'), calm)).toMatchObject({
      exitCode: 1,
      problem: { code: 'internal', message: 'x is not a function' },
    })
  })

  test('says nothing after help that was asked for', () => {
    const help = new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)')
    expect(failureOf(help, calm)).toMatchObject({ exitCode: 0, problem: null })
  })
})

describe('reportFailure', () => {
  const report = (thrown: unknown, options: { json: boolean; debug: boolean }) => {
    const stdout = textSink()
    const stderr = textSink()
    const shown = terminal({ stdin: process.stdin, stdout: stdout.stream, stderr: stderr.stream })
    reportFailure(failureOf(thrown, calm), shown, options)
    expect(stdout.text()).toBe('')
    return stderr.text()
  }
  const error = new InkstoneError('model_missing', 'the model is not there', { remedy: 'run "inkstone models pull"' })

  test('writes the sentence and the remedy on a line each', () => {
    expect(report(error, { json: false, debug: false })).toBe(
      'error: the model is not there\nremedy: run "inkstone models pull"\n',
    )
  })

  test('writes one JSON document for programs', () => {
    expect(JSON.parse(report(error, { json: true, debug: false }))).toEqual({
      code: 'model_missing',
      message: 'the model is not there',
      remedy: 'run "inkstone models pull"',
    })
  })

  test('shows the stack of the cause only when debugging', () => {
    const cause = new Error('ENOENT')
    const wrapped = new InkstoneError('internal', 'it broke', { cause })
    expect(report(wrapped, { json: false, debug: false })).toBe('error: it broke\n')
    expect(report(wrapped, { json: false, debug: true })).toContain(cause.stack)
  })
})
