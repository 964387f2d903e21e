import type { Span } from '../../core/types.js'

/** Whether a value is the lower or the upper end of what is allowed or meant. */
export type Bound = 'least' | 'most'

const cannot = '(?:不得|不应|不能|不可|不宜|不准|不许|不允许|不|未|没有)'
const more = '(?:超过|超出|大于|高于|多于|长于|晚于|超)'
const less = '(?:小于|低于|少于|短于|早于)'
const gap = '[^\\d,;:。]{0,6}'
const englishNot = '(?:no|not|never|must not|may not|shall not|should not|cannot)'
const englishMore =
  '(?:more than|greater than|higher than|longer than|larger than|later than|exceed(?:s|ing)?|above|over)'
const englishLess = '(?:less than|lower than|fewer than|shorter than|smaller than|earlier than|below|under)'

/** What stands before a value; the negated forms come first, because they hold the others. */
const before: readonly (readonly [RegExp, Bound])[] = [
  [new RegExp(`${cannot}${more}${gap}$|\\b${englishNot} (?:be )?${englishMore} [^\\d]{0,12}$`, 'i'), 'most'],
  [new RegExp(`${cannot}${less}${gap}$|\\b${englishNot} (?:be )?${englishLess} [^\\d]{0,12}$`, 'i'), 'least'],
  [new RegExp(`${less}${gap}$|\\b${englishLess} [^\\d]{0,6}$`, 'i'), 'most'],
  [new RegExp(`${more}${gap}$|\\b${englishMore} [^\\d]{0,6}$`, 'i'), 'least'],
  [/(?:至多|最多|最大|最高|最长|最迟|上限|<=|≤|<)[^\d,;。]{0,10}$/, 'most'],
  [/(?:至少|最少|最小|最低|最短|下限|>=|≥|>)[^\d,;。]{0,10}$/, 'least'],
  [/\b(?:at most|up to|within|maximum|max\.?|at the latest)\b[^\d,;]{0,16}$/i, 'most'],
  [/\b(?:at least|minimum|min\.|from)\b[^\d,;]{0,16}$/i, 'least'],
]
const behind: readonly (readonly [RegExp, Bound])[] = [
  [
    /^\s*(?:\/\S+)?\s*\(?(?:及|或)?(?:以下|之?以?内(?![径部])|之下|or (?:less|below|lower|under|fewer)|max(?:imum)?\b|at (?:the )?most)/i,
    'most',
  ],
  [
    /^\s*(?:\/\S+)?\s*\(?(?:及|或)?(?:以上|以外|之外|之上|or (?:more|above|higher|over|longer)|min(?:imum)\b|at least)/i,
    'least',
  ],
]
const prohibition =
  /禁止|严禁|不得|不能|不可|不准|不许|不允许|不应|切?勿|\b(?:must not|mustn't|may not|shall not|should not|cannot|can't|never|(?:do not|don't) (?!require|need|have)|not (?:be )?(?:permitted|allowed)|prohibited|forbidden)\b/i

/**
 * The bound that the words around a value give it: `不超过 75 °C`, `75 °C 以下` and `禁止在 75 °C 以上` are one upper end.
 * @param text folded
 * @returns null where there is none, or where the words say both
 */
export function boundOf(text: string, span: Span): Bound | null {
  const clauseStart = lastDelimiter(text.slice(0, span.start))
  const head = text.slice(clauseStart, span.start)
  const tail = text.slice(span.end, span.end + 24)
  const first = before.find(([pattern]) => pattern.test(head))
  const second = behind.find(([pattern]) => pattern.test(tail))
  if (first && second && first[1] !== second[1]) return null
  const bound = first?.[1] ?? second?.[1] ?? null
  if (bound === null) return null
  const withoutPhrase = first ? head.replace(first[0], '') : head
  const rest = withoutPhrase + (/^[^,;。]*/.exec(tail)?.[0] ?? '')
  return prohibition.test(rest) ? opposite(bound) : bound
}

function opposite(bound: Bound): Bound {
  return bound === 'least' ? 'most' : 'least'
}

function lastDelimiter(text: string): number {
  return Math.max(...[',', ';', ':', '。', '\n', '|'].map((delimiter) => text.lastIndexOf(delimiter))) + 1
}

/** Phrases with a negating word that negate nothing, or that say how much: `boundOf` reads those. */
const neutral = new RegExp(
  [
    '不锈钢|不同|不断|不仅|不但|不论|不管|不少(?!于)|不久|不等|不饱和|不平衡|未来|除非',
    `${cannot}?(?:${more}|${less})`,
    `\\b${englishNot} (?:be )?(?:${englishMore}|${englishLess})`,
    '\\bnot only\\b|\\bno\\.? ?\\d+',
  ].join('|'),
  'gi',
)
const negation =
  /不|禁止|严禁|切?勿|无需|无须|无法|无权|不必|毋须|没有|未|免于|排除|\b(?:not|no|never|without|none|neither|nor|cannot|prohibited|forbidden|excludes?|excluded|excluding|unnecessary)\b|n't\b/gi
const required = /必须|应当|务必|须|\b(?:must|shall|required|mandatory)\b/i
const permitted = /可以|允许|可选|\b(?:may|optional|permitted|allowed|can)\b/i

const exceeding = new RegExp(`${more}|${less}|${englishMore}|${englishLess}|以上|以下`, 'i')

/** Words of which one is the opposite of the other. Where both can stand in a word, the longer one comes first. */
const opposites: readonly (readonly [RegExp, RegExp])[] = [
  [/升高|上升|升温|增大|增加|增多|提高|加快/, /降低|下降|降温|减小|减少|减慢|放慢/],
  [/越高|越大|越多|越长/, /越低|越小|越少|越短/],
  [/男/, /女/],
  [/白班|日班/, /夜班/],
  [/冬季/, /夏季/],
  [/打开|开启/, /关闭|关上/],
  [/(?<!逆)顺时针/, /逆时针/],
  [/进口|入口|吸入/, /出口|排出/],
  [/常开/, /常闭/],
  [/甲方/, /乙方/],
  [/买方|需方|采购方/, /卖方|供方|供应商/],
  [/串联/, /并联/],
  [/省内/, /省外/],
  [/国内/, /国外|出口/],
  [/左/, /右/],
  [/正压/, /负压/],
  [/交流/, /直流/],
  [/\bincreas/i, /\bdecreas|\breduc/i],
  [/\brais/i, /\blower(?:s|ed|ing)?\b/i],
  [/\bopen/i, /\bclos/i],
  [/(?<!counter-?|anti-?)clockwise/i, /(?:counter|anti)-?clockwise/i],
  [/\binlet|\bsuction/i, /\boutlet|\bdischarge/i],
  [/\bbuyer/i, /\bseller|\bsupplier/i],
  [/\bupstream/i, /\bdownstream/i],
  [/\binput/i, /\boutput/i],
  [/\binclud/i, /\bexclud/i],
  [/\bleft\b/i, /\bright\b/i],
]

/**
 * Whether two clauses that speak of the same thing say opposite things of it: one denies or forbids what the other does
 * not, one demands what the other leaves free, or one has a word where the other has only its opposite.
 * @param a folded, as is `b`
 */
export function contradicts(a: string, b: string): boolean {
  const [deniesA, deniesB] = [a, b].map(denies)
  if (deniesA !== null && deniesB !== null && deniesA !== deniesB) return true
  if (!deniesA && !deniesB && isLoosened(a, b)) return true
  return opposites.some(([one, other]) => onlyOne(a, one, other) * onlyOne(b, one, other) === -1)
}

/** Null: it denies twice, or forbids to exceed something, which says the same as a limit. */
function denies(clause: string): boolean | null {
  const bare = clause.replace(neutral, ' ')
  const times = bare.match(negation)?.length ?? 0
  if (times > 1 || (times === 1 && exceeding.test(clause) && prohibition.test(bare))) return null
  return times === 1
}

function isLoosened(a: string, b: string): boolean {
  const isFree = (text: string) => permitted.test(text) && !required.test(text)
  const isBinding = (text: string) => required.test(text) && !permitted.test(text)
  return (isFree(a) && isBinding(b)) || (isBinding(a) && isFree(b))
}

function onlyOne(text: string, one: RegExp, other: RegExp): number {
  const [hasOne, hasOther] = [one.test(text), other.test(text)]
  return hasOne === hasOther ? 0 : hasOne ? 1 : -1
}

const claimWords = new RegExp(
  `${neutral.source}|${negation.source}|必须|应当|务必|可以|允许|应该|需要|以上|以下|以内|之内|至多|至少|最多|最少|最大|最小|最高|最低|\\b(?:must|shall|may|can|should|at (?:least|most)|up to|or more|or less)\\b`,
  'gi',
)

/** A clause without the words that say whether and how much: what it speaks of. */
export function subjectMatter(clause: string): string {
  return clause.replace(claimWords, ' ')
}
