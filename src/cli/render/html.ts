import { createHash } from 'node:crypto'
import { visibleText } from './visible-text.js'

/** Text for an HTML page, also inside an attribute in quotes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** What a content security policy calls a style or script that stands in the page. */
export function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
