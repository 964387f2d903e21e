import { describe, expect, test } from 'vitest'
import { visibleText } from '../../../src/cli/render/visible-text.js'

describe('visibleText', () => {
  test('spells out control characters and changes of direction, and leaves every script as it is', () => {
    expect(visibleText('a\u0000\n\u009b\u202eb')).toBe('a\\x00\\x0A\\x9B\\u202Eb')
    expect(visibleText('中文 العربية ไทย é 👩‍👩‍👧')).toBe('中文 العربية ไทย é 👩‍👩‍👧')
  })
})
