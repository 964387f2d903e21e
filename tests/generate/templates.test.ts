import { describe, expect, test } from 'vitest'
import { builtInTemplates, renderTemplate, templateProblems } from '../../src/generate/templates.js'

const whole = 'Write {{noAnswer}}.\n{{preamble}}\n{{glossary}}'
const values = { noAnswer: 'NO', preamble: 'P', glossary: 'G' }

describe('templateProblems', () => {
  test.each(Object.entries(builtInTemplates))('has nothing to say against %s', (_name, text) => {
    expect(templateProblems(text)).toEqual([])
  })

  test('names the line of a placeholder that is not known, and of one that is not closed', () => {
    expect(templateProblems(`${whole}\n{{questions}}\n{{ glossary }} {{`)).toMatchObject([
      { line: 4, message: 'there is no placeholder {{questions}}', remedy: expect.stringContaining('{{preamble}}') },
      { line: 5, message: '{{ is no whole placeholder' },
    ])
  })

  test('misses what would be lost without a word', () => {
    expect(templateProblems('{{noAnswer}}\n')).toMatchObject([
      { line: 2, message: '{{preamble}} is missing' },
      { line: 2, message: '{{glossary}} is missing', remedy: expect.stringContaining('on a line of its own') },
    ])
  })

  test('refuses a text that leaves no room', () => {
    expect(templateProblems(whole + 'x'.repeat(8_000))).toMatchObject([{ message: expect.stringContaining('8000') }])
  })
})

describe('renderTemplate', () => {
  test('puts the values in, and a value that looks like a placeholder stays as it is', () => {
    expect(renderTemplate(whole, values)).toBe('Write NO.\nP\nG')
    expect(renderTemplate(whole, { ...values, preamble: '{{glossary}} $&' })).toBe('Write NO.\n{{glossary}} $&\nG')
  })

  test('leaves out the line of a placeholder that is empty', () => {
    expect(renderTemplate(whole, { ...values, preamble: '' })).toBe('Write NO.\nG')
  })
})
