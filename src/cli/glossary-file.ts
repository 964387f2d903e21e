import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { glossarySchema } from '../api/knowledge-base.js'
import { InkstoneError } from '../core/errors.js'
import type { GlossaryEntry } from '../core/types.js'

/**
 * The entries of a JSON file: a list of `{"term", "meaning", "synonyms"}`, the latter two optional.
 * @throws InkstoneError `invalid_request` that says which entry is wrong, and why
 */
export function readGlossary(path: string, { cwd }: { cwd: string }): GlossaryEntry[] {
  const parsed = glossarySchema.safeParse(readJson(resolve(cwd, path)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [entry, ...within] = issue?.path ?? []
  const place = [path, ...(typeof entry === 'number' ? [`entry ${entry + 1}`] : []), ...within.map(String)].join(', ')
  throw refused(`${place}: ${issue?.message}`)
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw refused(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refused(message: string): InkstoneError {
  return new InkstoneError('invalid_request', message, {
    remedy: 'a glossary is a list such as [{"term": "MTBF", "meaning": "mean time between failures", "synonyms": []}]',
  })
}
