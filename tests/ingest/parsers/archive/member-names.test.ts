import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanMemberName, uniqueNames } from '../../../../src/ingest/parsers/archive/member-names.js'

describe('cleanMemberName', () => {
  test('leaves nothing that leads out of a folder', () => {
    expect(cleanMemberName('../../etc/passwd')).toBe('etc/passwd')
    expect(cleanMemberName('..\\..\\windows\\system.ini')).toBe('windows/system.ini')
    expect(cleanMemberName('C:\\data\\a.txt')).toBe('data/a.txt')
    expect(cleanMemberName('c:d:../a.txt')).toBe('a.txt')
    expect(cleanMemberName('/a//./b/…/c.txt')).toBe('a/b/…/c.txt')
    expect(cleanMemberName('..')).toBe('file')
    expect(cleanMemberName('\u202Etxt.exe\0')).toBe('txt.exe')
  })

  test('keeps names in any script and the end of long ones', () => {
    expect(cleanMemberName('手册/泵 (新).pdf')).toBe('手册/泵 (新).pdf')
    const long = cleanMemberName(`${'长'.repeat(500)}.pdf`)
    expect(long.length).toBeLessThanOrEqual(200)
    expect(long.endsWith('.pdf')).toBe(true)
    expect(cleanMemberName('a/'.repeat(2000)).length).toBeLessThanOrEqual(1000)
  })

  test('never escapes, whatever the name', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', 'C:', '\0', ' ', '~'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const name = cleanMemberName(parts.join(''))
        expect(name).not.toBe('')
        expect(name).not.toMatch(/^\/|\\|^[a-z]:|\p{Surrogate}/iu)
        expect(name.split('/').some((piece) => piece === '' || /^\.+$/.test(piece))).toBe(false)
        expect(cleanMemberName(name)).toBe(name)
      }),
    )
  })
})

describe('uniqueNames', () => {
  test('numbers what was given out before', () => {
    const unique = uniqueNames()
    expect(['a.txt', 'a.txt', 'a.txt', 'b/a', 'b/a', 'a (2).txt', '.env', '.env'].map(unique)).toEqual([
      'a.txt',
      'a (2).txt',
      'a (3).txt',
      'b/a',
      'b/a (2)',
      'a (2) (2).txt',
      '.env',
      '.env (2)',
    ])
  })
})
