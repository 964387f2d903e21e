import { describe, expect, test } from 'vitest'
import { standsFor, type Transfer } from '../../web/transfer.js'
import { lockedFile, manual } from './library.js'

const transfer = (change: Partial<Transfer>): Transfer => ({
  key: '1',
  fileName: 'locked.pdf',
  state: 'failed',
  sentRatio: 1,
  job: null,
  document: lockedFile,
  problem: null,
  ...change,
})

describe('standsFor', () => {
  test.each(['ingesting', 'failed'] as const)('is the document while the transfer is %s', (state) => {
    expect(standsFor(transfer({ state }))).toBe(lockedFile)
  })

  test.each(['waiting', 'uploading', 'done', 'unchanged', 'duplicate'] as const)(
    'is nothing while the transfer is %s',
    (state) => {
      expect(standsFor(transfer({ state }))).toBeNull()
    },
  )

  test('is nothing for a file that never arrived, nor for a document with an older version to read', () => {
    expect(standsFor(transfer({ document: null }))).toBeNull()
    expect(standsFor(transfer({ document: manual }))).toBeNull()
  })
})
