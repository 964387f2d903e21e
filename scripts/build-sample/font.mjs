import { existsSync } from 'node:fs'

/** Where the usual packages put a free Chinese font, best first. A collection (.ttc) also needs the name of a face. */
const KNOWN_FONTS = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/opentype/source-han-sans/SourceHanSansSC-Regular.otf',
  '/Library/Fonts/NotoSansCJK-Regular.ttc',
  'C:\\Windows\\Fonts\\NotoSansSC-Regular.otf',
]

/**
 * Finds the regular and the bold font. The bold one stands beside the regular one under the same name with "Bold" in
 * it; without it headings are set in the regular face.
 *
 * @param {{ file?: string, face: string }} options what the user gave: a font file, and the face to take from a collection
 * @returns {{ regular: Face, bold: Face }}
 * @typedef {{ file: string, face: string | undefined }} Face
 */
export function findFonts({ file, face }) {
  const regular = file ?? KNOWN_FONTS.find((path) => existsSync(path))
  if (regular === undefined || !existsSync(regular)) {
    throw new Error(
      `${file === undefined ? 'no Chinese font was found' : `there is no font at ${file}`}\n` +
        'remedy: "apt-get install fonts-noto-cjk", or pass --font FILE with a .ttf, .otf or .ttc that has Chinese and Latin glyphs',
    )
  }
  const beside = regular.replace('Regular', 'Bold')
  const pick = (path, name) => ({ file: path, face: path.endsWith('.ttc') ? name : undefined })
  if (!existsSync(beside)) return { regular: pick(regular, face), bold: pick(regular, face) }
  return { regular: pick(regular, face), bold: pick(beside, face.replace('Regular', 'Bold')) }
}
