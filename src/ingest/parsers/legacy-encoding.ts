import chardet from 'chardet'
import iconv from 'iconv-lite'

interface DoubleByte {
  encoding: string
  detectorName: string
  /** Whether a pair of bytes stands for a character in daily use: punctuation, kana or the first level of the standard. */
  isCommon(lead: number, trail: number): boolean
}

/** In the order of preference where the bytes fit several: a short Chinese text is more likely than a Korean one here. */
const doubleByte: readonly DoubleByte[] = [
  {
    encoding: 'gb18030',
    detectorName: 'GB18030',
    isCommon: (lead, trail) => trail >= 0xa1 && (lead <= 0xa3 ? lead >= 0xa1 : lead >= 0xb0 && lead <= 0xd7),
  },
  {
    encoding: 'big5',
    detectorName: 'Big5',
    isCommon: (lead) => lead >= 0xa1 && lead <= 0xc6,
  },
  {
    encoding: 'shift_jis',
    detectorName: 'Shift_JIS',
    isCommon: (lead) => lead >= 0x81 && lead <= 0x97,
  },
  {
    encoding: 'euc-kr',
    detectorName: 'EUC-KR',
    isCommon: (lead, trail) => trail >= 0xa1 && (lead <= 0xa3 ? lead >= 0xa1 : lead >= 0xb0 && lead <= 0xc8),
  },
  {
    encoding: 'euc-jp',
    detectorName: 'EUC-JP',
    isCommon: (lead, trail) => trail >= 0xa1 && (lead <= 0xa5 ? lead >= 0xa1 : lead >= 0xb0 && lead <= 0xcf),
  },
]

const sureConfidence = 50
const commonShare = 0.9
/** A byte that is lost on its way spoils no more than its neighbours: so much of a text may not decode. */
const damagedShare = 0.005

/**
 * Names the encoding of text that is neither UTF-8 nor UTF-16/32. The detector's statistics need a few sentences; for
 * less, such as a small table, the share of bytes that fall on characters in daily use decides. Windows-1252 at last.
 */
export function legacyEncoding(sample: Buffer): string {
  const matches = chardet.analyse(sample)
  const confidence = (name: string) => matches.find((match) => match.name === name)?.confidence ?? 0
  const clean = doubleByte.filter((candidate) => shareOfDamage(sample, candidate.encoding) === 0)
  const fitting = clean.length > 0 ? clean : nearlyFitting(sample)
  const sure = fitting
    .filter((candidate) => confidence(candidate.detectorName) >= sureConfidence)
    .sort((a, b) => confidence(b.detectorName) - confidence(a.detectorName))[0]
  if (sure !== undefined) return sure.encoding
  const plausible = fitting.find((candidate) => shareOfCommon(sample, candidate) >= commonShare)
  return plausible?.encoding ?? singleByte(matches)
}

function singleByte(matches: readonly { name: string; confidence: number }[]): string {
  const best = matches.find((match) => /^(?:ISO-8859|windows|KOI8)/i.test(match.name))
  // The Latin alphabets are too alike for the detector: Western European wins unless another one is clearly ahead.
  const western = matches.find((match) => /^(?:ISO-8859-1|windows-1252)$/i.test(match.name))
  if (best === undefined || (western !== undefined && best.confidence - western.confidence <= 30)) return 'windows-1252'
  return iconv.encodingExists(best.name) ? best.name : 'windows-1252'
}

/** Only where nearly all of it is in daily use: a Western text, too, is a few odd characters of any of them. */
function nearlyFitting(sample: Buffer): DoubleByte[] {
  return doubleByte.filter(
    (candidate) =>
      shareOfDamage(sample, candidate.encoding) <= damagedShare && shareOfCommon(sample, candidate) >= commonShare,
  )
}

/** Share of characters that the encoding does not know. The last one of a sample may be cut in two. */
function shareOfDamage(sample: Buffer, encoding: string): number {
  const text = iconv.decode(sample, encoding).slice(0, -1)
  return (text.match(/[\uFFFD\uE000-\uF8FF]/g)?.length ?? 0) / Math.max(1, text.length)
}

function shareOfCommon(sample: Buffer, { isCommon }: DoubleByte): number {
  let common = 0
  let all = 0
  for (let index = 0; index < sample.length - 1; index += 1) {
    const lead = sample[index] ?? 0
    if (lead < 0x80) continue
    all += 1
    index += 1
    if (isCommon(lead, sample[index] ?? 0)) common += 1
  }
  return all === 0 ? 0 : common / all
}
