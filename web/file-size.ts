/** A size in bytes as people read it, such as `1.2 MB`; a megabyte is a million bytes. */
export function fileSize(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`
  if (sizeBytes < 1_000_000) return `${Math.round(sizeBytes / 1000)} kB`
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`
}
