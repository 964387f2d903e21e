/** Ticks and boxes of the fonts that Word takes them from; other signs of such fonts have no meaning as letters. */
const ticks: Record<string, string> = {
  'wingdings F0FE': '☑',
  'wingdings F0FD': '☒',
  'wingdings F0A8': '☐',
  'wingdings F06F': '☐',
  'wingdings F0FC': '✓',
  'wingdings F0FB': '✗',
  'wingdings 2 F052': '☑',
  'wingdings 2 F0A3': '☐',
  'wingdings 2 F050': '✓',
  'wingdings 2 F053': '☒',
  'wingdings F0E0': '→',
}
/** The font Symbol has Greek letters in the places of Latin ones (its encoding, as in Unicode's mapping tables). */
const greek: Record<string, string> = Object.fromEntries(
  [...'ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz'].map((letter, at) => [
    letter,
    [...'ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ'][at] ?? letter,
  ]),
)
const signs: Record<string, string> = {
  B0: '°',
  B1: '±',
  B4: '×',
  B8: '÷',
  A3: '≤',
  B3: '≥',
  B9: '≠',
  BB: '≈',
  A5: '∞',
  AE: '→',
}

/**
 * What a sign means that Word takes from a font by its place (`w:sym`); '' for ornaments.
 * @param code hexadecimal, such as `F0FE`
 */
export function symbolText(font: string, code: string): string {
  const place = code.toUpperCase()
  if (font.toLowerCase() !== 'symbol') return ticks[`${font.toLowerCase()} ${place}`] ?? ''
  const low = place.slice(-2)
  const letter = String.fromCharCode(Number.parseInt(low, 16) || 32)
  return signs[low] ?? greek[letter] ?? (/^[\x20-\x7E]$/.test(letter) ? letter : '')
}
