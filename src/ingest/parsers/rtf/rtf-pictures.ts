import type { RtfPicture } from './rtf-flow.js'

const formats = new Map(
  Object.entries({
    pngblip: 'png',
    jpegblip: 'jpeg',
    emfblip: 'emf',
    wmetafile: 'wmf',
    macpict: 'pict',
    dibitmap: 'dib',
    wbitmap: 'wbitmap',
  }),
)

export interface RtfPictureBytes {
  word(name: string): void
  hex(digits: Buffer): void
  binary(bytes: Buffer): void
  /** Null where there are no bytes. */
  finish(): RtfPicture | null
}

/** Collects a picture's bytes, which RTF writes as hexadecimal digits or as they are. */
export function rtfPictureBytes(): RtfPictureBytes {
  let format = 'unknown'
  const digits: Buffer[] = []
  const parts: Buffer[] = []
  return {
    word(name) {
      format = formats.get(name) ?? format
    },
    hex: (bytes) => void digits.push(bytes),
    binary: (bytes) => void parts.push(bytes),
    finish() {
      const text = Buffer.concat(digits)
        .toString('latin1')
        .replace(/[^\da-f]/gi, '')
      const bytes = Buffer.concat([Buffer.from(text, 'hex'), ...parts])
      return bytes.length === 0 ? null : { format, bytes }
    },
  }
}
