import iconv from 'iconv-lite'

/** Encodings that files were read in by whoever wrote a manifest. */
const wrongEncodings = ['utf-8', 'shift_jis', 'latin1', 'utf-16le']
const longestLooked = 4000

/**
 * Whether a snippet is our text as a wrong reading gives it. A broken character takes its neighbours with it: most of the
 * pieces are enough.
 */
export function isGarbledOf(snippet, text) {
  const ours = text.slice(0, longestLooked)
  const chinese = [...snippet.matchAll(/\p{Script=Han}+/gu)].map(([piece]) =>
    piece.length < 5 ? piece : piece.slice(1, -1),
  )
  return (
    wrongEncodings.some((encoding) => areMostIn(chinese, iconv.decode(iconv.encode(ours, encoding), 'gbk'))) ||
    areMostIn(oddPieces(snippet, ours), pressed(asSubfonts(ours)))
  )
}

const areMostIn = (pieces, text) =>
  pieces.length > 0 && pieces.filter((piece) => text.includes(piece)).length >= pieces.length * 0.8

/**
 * TeX parts a Chinese font into fonts of 256 characters, in the order of GBK. Where a PDF does not say which of them are
 * shown, a reader sees the number inside the small font as a character of Windows' Latin.
 */
function asSubfonts(text) {
  return [...text.normalize('NFKC')].map((character) => {
    const [lead, trail] = iconv.encode(character, 'gbk')
    if (trail === undefined || !/\p{Script=Han}/u.test(character)) return character
    const place = (lead - 0x81) * 190 + trail - 0x40 - (trail > 0x7f ? 1 : 0)
    return iconv.decode(Buffer.from([place % 256]), 'win1252')
  })
}

const pressed = (characters) => characters.join('').replace(/[\s\p{Cc}]+/gu, '')

/**
 * Words with a letter or mark of Windows' Latin that English does not have, unless our text has them itself: single ones
 * may be there by chance.
 */
function oddPieces(snippet, ours) {
  const plain = pressed([...ours.normalize('NFKC')])
  const isOdd = (character) => character > '\u007f' && iconv.encode(character, 'win1252')[0] > 0x7f
  return snippet
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word.length > 1 && [...word].some(isOdd) && !plain.includes(word.normalize('NFKC')))
}
