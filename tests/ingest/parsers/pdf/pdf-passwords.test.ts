import { describe, expect, test } from 'vitest'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { makePdf, writeLines } from '../../fixtures/pdf.js'

const parse = (bytes: Uint8Array, ...passwords: string[]) =>
  pdfParser().parse(bytes, parseContext('a.pdf', { passwords }))
const locked = (passwords: { userPassword?: string; ownerPassword?: string }) =>
  makePdf((pdf) => writeLines(pdf, ['The secret of the pump.']), { ...passwords, title: 'Locked' })

describe('passwords of pdfParser', () => {
  test('opens a file with the password of its user or of its owner, tried in order', async () => {
    const bytes = await locked({ userPassword: 'reader', ownerPassword: 'master' })
    for (const passwords of [['reader'], ['master'], ['wrong', 'reader']]) {
      const { blocks, title } = await parse(bytes, ...passwords)
      expect(blocks.map((block) => block.text)).toEqual(['The secret of the pump.'])
      expect(title).toBe('Locked')
    }
  })

  test('opens a file that only restricts what one may do without any password', async () => {
    const bytes = await locked({ ownerPassword: 'master' })
    expect((await parse(bytes)).blocks).toHaveLength(1)
  })

  test('asks for a password, and says when the given ones do not fit', async () => {
    const bytes = await locked({ userPassword: 'reader' })
    await expect(parse(bytes)).rejects.toMatchObject({
      code: 'password_required',
      message: 'the PDF can only be opened with a password',
      remedy: expect.stringContaining('password'),
    })
    await expect(parse(bytes, 'wrong')).rejects.toThrow('the given one does not fit')
    await expect(parse(bytes, 'wrong', '')).rejects.toThrow('the given ones do not fit')
  })
})
