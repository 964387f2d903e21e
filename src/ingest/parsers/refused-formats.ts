import { InkstoneError } from '../../core/errors.js'
import type { Parser } from '../../core/ports.js'

/** Formats that are known, cannot be read, and have a way out that says more than a list of formats. */
const refused: readonly { mediaTypes: readonly string[]; label: string; remedy: string }[] = [
  {
    mediaTypes: [
      'application/x-7z-compressed',
      'application/x-rar-compressed',
      'application/vnd.rar',
      'application/x-bzip2',
      'application/x-xz',
      'application/zstd',
      'application/x-lzip',
      'application/x-compress',
      'application/x-lzh-compressed',
    ],
    label: 'an archive of a kind that cannot be opened',
    remedy: 'unpack it, or pack its files again as ZIP',
  },
  {
    mediaTypes: ['application/vnd.apple.pages', 'application/vnd.apple.keynote', 'application/vnd.apple.numbers'],
    label: 'an iWork document',
    remedy: 'export it as PDF, or as a Word, PowerPoint or Excel file',
  },
  {
    mediaTypes: ['image/heic', 'image/heif', 'image/avif', 'image/jp2', 'image/jxl', 'image/vnd.adobe.photoshop'],
    label: 'a picture of a kind that cannot be read',
    remedy: 'save it as PNG or JPEG',
  },
]

/** Parsers that only say what to do instead. */
export function refusedFormatParsers(): Parser[] {
  return refused.map(({ mediaTypes, label, remedy }) => ({
    mediaTypes,
    parse: (_bytes, { fileName }) =>
      Promise.reject(new InkstoneError('unsupported_format', `"${fileName}" is ${label}`, { remedy })),
  }))
}
