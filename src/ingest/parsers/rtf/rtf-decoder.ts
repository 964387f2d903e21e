import iconv from 'iconv-lite'

/** What `\fcharset` numbers stand for, as Windows code pages. The two that are missing, 0 and 1, are the file's own. */
const charsets: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
  255: 850,
}

const encodings: Readonly<Record<number, string>> = {
  10000: 'macintosh',
  65001: 'utf-8',
  936: 'gb18030',
  932: 'shift_jis',
  949: 'cp949',
  950: 'big5',
}

export function codePageOfCharset(charset: number): number | null {
  return charsets[charset] ?? null
}

export interface RtfDecoder {
  /** Bytes in a code page. Those of one character may come apart. */
  bytes(bytes: Buffer, codePage: number): void
  /** A UTF-16 code unit, as RTF writes it: negative above 32767. */
  unicode(unit: number): void
  /** The text so far, which is then forgotten. */
  take(): string
}

/** Joins the bytes of a text before they are decoded: a Chinese character is two of them, each written by itself. */
export function rtfDecoder(): RtfDecoder {
  let parts: string[] = []
  let pending: Buffer[] = []
  let pendingPage = 1252
  const decodePending = () => {
    if (pending.length === 0) return
    const name = encodings[pendingPage] ?? `cp${pendingPage}`
    parts.push(iconv.decode(Buffer.concat(pending), iconv.encodingExists(name) ? name : 'windows-1252'))
    pending = []
  }
  return {
    bytes(bytes, codePage) {
      if (codePage !== pendingPage) decodePending()
      pendingPage = codePage
      pending.push(bytes)
    },
    unicode(unit) {
      decodePending()
      parts.push(String.fromCharCode(unit & 0xffff))
    },
    take() {
      decodePending()
      const text = parts.join('')
      parts = []
      return text
    },
  }
}
