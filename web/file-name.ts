/** A title as the name of a file on any system. */
export function fileNameOf(title: string, extension: string): string {
  const name = title
    .replace(/[\p{Cc}\\/:*?"<>|？：]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return `${[...name].slice(0, 80).join('').trim() || 'conversation'}.${extension}`
}
