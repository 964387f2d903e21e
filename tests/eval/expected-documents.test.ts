import { describe, expect, test } from 'vitest'
import { fileNamesById, requireExpected } from '../../src/eval/expected-documents.js'

describe('fileNamesById', () => {
  test('names documents by the last part of their path or URL', () => {
    const sources = [
      { documentId: 'doc_1', sourceUri: '/shelf/manuals/pump.pdf' },
      { documentId: 'doc_2', sourceUri: 'C:\\shelf\\valve.docx' },
      { documentId: 'doc_3', sourceUri: 'seal.md' },
    ]
    expect([...fileNamesById(sources).values()]).toEqual(['pump.pdf', 'valve.docx', 'seal.md'])
  })
})

describe('requireExpected', () => {
  const place = (document: string) => ({ document, page: 1, quote: '泵' })
  const where = { fileNames: new Map([['doc_1', 'pump.pdf']]), knowledgeBase: 'law' }

  test('names every document that is not there, once', () => {
    const questions = [
      { expected: [place('pump.pdf'), place('a.pdf')] },
      { expected: [place('b.pdf'), place('a.pdf')] },
    ]
    expect(() => requireExpected(questions, where)).toThrow('the knowledge base law does not hold a.pdf, b.pdf')
  })

  test('is content when all are there', () => {
    expect(() => requireExpected([{ expected: [place('pump.pdf')] }, { expected: [] }], where)).not.toThrow()
  })
})
