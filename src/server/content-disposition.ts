/**
 * The Content-Disposition header of a file, RFC 6266: an ASCII stand-in for old programs and the true name after
 * RFC 8187. Folders are left out of the name.
 */
export function contentDisposition(disposition: 'inline' | 'attachment', path: string): string {
  const name =
    path
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\p{Cc}/gu, '') || 'document'
  const standIn = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  // Through UTF-8 and back, since encodeURIComponent throws on half a surrogate pair.
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${disposition}; filename="${standIn}"; filename*=UTF-8''${encoded}`
}
