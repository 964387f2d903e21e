import { InkstoneError } from '../../core/errors.js'
import type { EarlyBlocks, Loss, MetadataValue, ParsedFile, Picture } from '../../core/types.js'
import { lossPlaces } from '../parsers/losses.js'

/** How much of each kind a file may become. Beyond these a document serves nobody, and costs everybody memory. */
export const bounds = {
  blocks: 500_000,
  pictures: 10_000,
  members: 2_000,
  losses: 200,
  warnings: 100,
  metadata: 200,
  metadataItems: 200,
  headings: 32,
  headingCharacters: 1_000,
  noteCharacters: 2_000,
} as const

/**
 * A parsed file within the bounds. What is too much of pictures and members becomes a loss, of losses and warnings is
 * summed up; over-long titles, reasons and headings above a block are clipped.
 * @throws InkstoneError `parse_failed` with more blocks than may be kept
 */
export function withinBounds(file: ParsedFile, { fileName }: { fileName: string }): ParsedFile {
  if (file.blocks.length > bounds.blocks) {
    throw new InkstoneError('parse_failed', `"${fileName}" holds more than ${bounds.blocks} paragraphs and tables`, {
      remedy: 'split it into several files',
    })
  }
  const metadata = boundedMetadata(file.metadata)
  const warnings = metadata.left > 0 ? [...file.warnings, `${metadata.left} properties were left out`] : file.warnings
  return {
    ...file,
    title: file.title === null ? null : clip(file.title),
    blocks: file.blocks.map(withBoundedPath),
    pictures: file.pictures.slice(0, bounds.pictures).map(withBoundedPath),
    members: file.members.slice(0, bounds.members),
    losses: boundedLosses([...file.losses, ...surplus(file)]),
    warnings: boundedWarnings(warnings),
    metadata: metadata.kept,
  }
}

/** The same for blocks that are sent ahead. */
export function earlyWithinBounds({ title, blocks }: EarlyBlocks): EarlyBlocks {
  return { title: title === null ? null : clip(title), blocks: blocks.map(withBoundedPath) }
}

function withBoundedPath<Item extends { headingPath: string[] }>(item: Item): Item {
  const { headingPath } = item
  const isFine = headingPath.length <= bounds.headings && headingPath.every(isFineHeading)
  if (isFine) return item
  return { ...item, headingPath: headingPath.slice(-bounds.headings).map((text) => text.slice(0, longestHeading)) }
}

const longestHeading = bounds.headingCharacters
const isFineHeading = (text: string) => text.length <= longestHeading

function surplus({ pictures, members }: ParsedFile): Loss[] {
  const unread = pictures.slice(bounds.pictures)
  const left = members.length - bounds.members
  const reason = `only the first ${bounds.members} files inside a file are read`
  return [
    ...surplusPictures('page', unread),
    ...surplusPictures('file', unread),
    ...(left > 0 ? [{ kind: 'member' as const, count: left, pages: [], reason }] : []),
  ]
}

function surplusPictures(kind: Picture['source']['kind'], unread: readonly Picture[]): Loss[] {
  const these = unread.filter(({ source }) => source.kind === kind)
  if (these.length === 0) return []
  const pages = [...new Set(these.flatMap(({ page }) => (page === null ? [] : [page])))].sort((a, b) => a - b)
  const reason = `only the first ${bounds.pictures} pictures of a file are read`
  return [{ kind: kind === 'page' ? 'page' : 'image', count: these.length, pages, reason }]
}

/** The rest becomes one entry for each kind. */
function boundedLosses(losses: readonly Loss[]): Loss[] {
  const rest = new Map<Loss['kind'], number>()
  for (const { kind, count } of losses.slice(bounds.losses)) rest.set(kind, (rest.get(kind) ?? 0) + count)
  return [
    ...losses
      .slice(0, bounds.losses)
      .map((loss) => ({ ...loss, pages: loss.pages.slice(0, lossPlaces), reason: clip(loss.reason) })),
    ...[...rest].map(([kind, count]) => ({ kind, count, pages: [], reason: 'for further reasons, too many to list' })),
  ]
}

function boundedWarnings(warnings: readonly string[]): string[] {
  const kept = warnings.slice(0, bounds.warnings).map(clip)
  return warnings.length > kept.length ? [...kept, `and ${warnings.length - kept.length} more warnings`] : kept
}

function boundedMetadata(metadata: ParsedFile['metadata']): { kept: ParsedFile['metadata']; left: number } {
  const all = Object.entries(metadata)
  const kept = all.slice(0, bounds.metadata).map(([name, value]) => [clip(name), boundedValue(value)])
  return { kept: Object.fromEntries(kept), left: all.length - kept.length }
}

/** JSON has no infinity. */
function boundedValue(value: MetadataValue): MetadataValue {
  if (Array.isArray(value)) return value.slice(0, bounds.metadataItems).map(clip)
  if (typeof value === 'string') return clip(value)
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

const clip = (text: string) => text.slice(0, bounds.noteCharacters)
