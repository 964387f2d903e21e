import { describe, expect, test } from 'vitest'
import { errorStatus } from '../../src/core/errors.js'
import { examples } from '../../web/examples.js'
import { languages, messages, pickLanguage } from '../../web/messages.js'

/** Every path to a message, such as `stage.parsing`. */
function paths(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? paths(inner).map((path) => `${key}.${path}`) : [key],
  )
}

function texts(value: object): string[] {
  return Object.values(value).flatMap((inner: unknown) => {
    if (typeof inner === 'function') return [String(inner('7', '8'))]
    return typeof inner === 'object' && inner !== null ? texts(inner) : [String(inner)]
  })
}

describe('messages', () => {
  test('have the same keys in every language', () => {
    expect(paths(messages.zh)).not.toEqual([])
    expect(paths(messages.zh).sort()).toEqual(paths(messages.en).sort())
  })

  test('say something everywhere', () => {
    for (const language of languages) {
      expect(texts(messages[language]).filter((text) => text.trim() === '' || text.includes('undefined'))).toEqual([])
    }
  })

  test('explain only problems that exist', () => {
    const ownCodes = ['unreachable', 'connection_lost', 'folder_dropped']
    const unknown = Object.keys(messages.en.problems).filter(
      (code) => !ownCodes.includes(code) && !(code in errorStatus),
    )
    expect(unknown).toEqual([])
  })
})

describe('pickLanguage', () => {
  test('prefers the language that was chosen before', () => {
    expect(pickLanguage('en', ['zh-CN'])).toBe('en')
  })

  test('takes the first language of the browser that the page speaks', () => {
    expect(pickLanguage(null, ['fr-FR', 'zh-Hant-TW', 'en'])).toBe('zh')
  })

  test('falls back to English', () => {
    expect(pickLanguage(null, ['fr'])).toBe('en')
    expect(pickLanguage('xx', [])).toBe('en')
  })
})

describe('examples', () => {
  test('are three in each language', () => {
    expect(languages.map((language) => examples[language].length)).toEqual([3, 3])
  })
})
