import { attribute } from './attributes.js'
import { type Mention, mentionsIn } from './mentions.js'

/**
 * A question with what it names replaced by what a following question names: IH65 by IH80, 50 Hz by 60 Hz. Null when
 * it is not clear what each of them replaces.
 * @param text the following question, in which the mentions stand
 */
export function swapMentions(context: string, mentions: readonly Mention[], text: string): string | null {
  const [first] = mentions
  const last = mentions.at(-1)
  if (!first || !last) return null
  if (mentions.every(({ family, kind }) => family === first.family && kind === first.kind)) {
    return swap(context, first, text.slice(first.span.start, last.span.end))
  }
  return mentions.reduce<string | null>((swapped, each) => swapped && swap(swapped, each, each.text), context)
}

function swap(context: string, mention: Mention, by: string): string | null {
  const named = mentionsIn(context)
  const place = placeFor(mention, named)
  if (place) return context.slice(0, place.span.start) + by + context.slice(place.span.end)
  return mention.kind === 'variant' ? dropLetter(context, named) : null
}

/** The only one of its family; else the only part number or name, if it is one that is to be replaced. */
function placeFor(mention: Mention, named: readonly Mention[]): Mention | null {
  const kin = named.filter(({ kind, family }) => kind === mention.kind && family === mention.family)
  if (kin.length > 0) return kin.length === 1 ? (kin[0] ?? null) : null
  if (mention.kind !== 'code' && mention.kind !== 'name') return null
  if (mention.family === '') return null
  const things = named.filter(({ kind }) => kind === 'code' || kind === 'name')
  return things.length === 1 ? (things[0] ?? null) : null
}

/**
 * Drops the letter at the end of a part number where another one is asked for (`H 型` after HCZ65-200A). No part number
 * is made up: the question goes along with its letter as it stands.
 */
function dropLetter(context: string, named: readonly Mention[]): string | null {
  const lettered = named.filter(({ kind, text }) => kind === 'code' && /\d[A-Z]$/.test(text))
  const [only] = lettered
  if (lettered.length !== 1 || !only) return null
  return context.slice(0, only.span.end - 1) + context.slice(only.span.end)
}

/** A question with the one attribute it asks for replaced by another: IH65 的流量是多少 by 扬程. Null without just one. */
export function swapAttribute(context: string, by: string): string | null {
  const asked = [...context.matchAll(attribute)]
  const [only] = asked
  if (asked.length !== 1 || !only || isChinese(only[0]) !== isChinese(by)) return null
  const tail = context.slice(only.index + only[0].length)
  // 多久 asks for a time only: what asks for something else would be put oddly.
  return context.slice(0, only.index) + by + tail.replace(/^(?:是|有|为)?(?:多[久大长高远][^？?]*|几.*)/u, '')
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}

/** Words at which what is asked of a thing begins. */
const asksFrom =
  /(?:是|为|要|该|应|需|能|可以?|有|会|多|达到|怎|如何|什么|哪|几)*(?:多少|多久|多大|多高|多长|什么|怎么|怎样|如何|哪|几|谁)/u

/**
 * The thing that a question asks an attribute of, with what narrows it: IH65-50-160 的额定流量是多少 gives IH65-50-160.
 * Null when the question is not of that form.
 */
export function thingOf(context: string): string | null {
  const asked = [...context.matchAll(attribute)]
  const [only] = asked
  if (asked.length !== 1 || !only) return null
  const head = context.slice(0, only.index)
  const tail = context.slice(only.index + only[0].length)
  if (isChinese(only[0])) {
    const isWhole = asksFrom.exec(tail)?.index === 0 || /^[？?\s]*$/u.test(tail)
    const thing = head
      .replace(/^请问/u, '')
      .replace(/的?\s*$/u, '')
      .trim()
    return isWhole && thing !== '' ? thing : null
  }
  return /^\s*(?:of|for)\s+(.+?)[?.\s]*$/iu.exec(tail)?.[1] ?? null
}
