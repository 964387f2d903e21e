import type { ParseContext } from '../../src/core/ports.js'

/** What a parser is told of a file, without a scratch folder unless the test brings one. */
export function parseContext(fileName: string, context: Partial<ParseContext> = {}): ParseContext {
  return { fileName, passwords: [], scratchDir: '/nowhere', soffice: null, ...context }
}
