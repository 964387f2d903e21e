const figureOrTable =
  /^[【[（(]?\s*(?:续|附)?(?:表|图|圖|図|Table|Tab\.|Figure|Fig\.?|Chart|Plate|Exhibit|그림|표)\s*[A-Z]?[.\-–]?(?:[\d０-９]{1,3}|[IVX]{1,5}\b|[一二三四五六七八九十]{1,3}(?![\p{Script=Han}]))(?:[.\-–—．][\d０-９]{1,3})*[a-z]?[】\]）)]?/iu
/** What a sentence goes on with that only speaks of a table or figure. */
const speaks =
  /^\s*(?:[,，、;；)）]|[a-z]|(?:所示|中|为|是|列|给出|显示|表明|可见|可以|和|与|及|或|至|～|~|-|说明|描述|汇总|展示|反映|のように|に|は|を|の))/
const separated = /^\s*(?:$|[.:：．|]|[—–-]{1,2}\s|　)/
const longest = 300

/**
 * Whether a line begins the caption of a table or figure. `sure`: a mark parts number and title, or there is only the
 * number. `likely`: it may also be the heading of one, to be told by what stands beside it.
 */
export function captionStart(text: string): 'sure' | 'likely' | null {
  const label = figureOrTable.exec(text)?.[0]
  if (label === undefined || text.length > longest) return null
  const rest = text.slice(label.length)
  if (separated.test(rest)) return 'sure'
  return speaks.test(rest) || /[。；;，,]$/.test(text) ? null : 'likely'
}
