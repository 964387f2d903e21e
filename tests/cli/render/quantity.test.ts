import { describe, expect, test } from 'vitest'
import { bytesText, countText, secondsText } from '../../../src/cli/render/quantity.js'

describe('bytesText', () => {
  test('uses decimal units', () => {
    expect([0, 999, 1000, 16_338_020, 2.5e9].map(bytesText)).toEqual(['0 B', '999 B', '1.0 kB', '16.3 MB', '2.5 GB'])
  })
})

describe('secondsText', () => {
  test('grows from seconds to minutes and hours', () => {
    expect([0.04, 4.21, 200, 3900].map(secondsText)).toEqual(['0.0 s', '4.2 s', '3 min 20 s', '1 h 05 min'])
  })
})

describe('countText', () => {
  test('adds the plural', () => {
    expect([0, 1, 2].map((count) => countText(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
  })
})
