import { withoutFunctionWords } from '../core/function-words.js'
import { asksForAttribute, attributeOnly } from './follow-up/attributes.js'
import { compares, coreOf, holdsPointer, lacksSubject, leansBack } from './follow-up/leaning.js'
import { type Mention, mentionsIn } from './follow-up/mentions.js'
import { swapAttribute, swapMentions, thingOf } from './follow-up/swap.js'

/** What a conversation is about so far: a question that stands alone, and what was said after it that was only added. */
interface Context {
  standing: string
  addition: string | null
}

/** A following question, completed; `standing` when nothing of the earlier ones had to be put before it as it was. */
interface Completed {
  text: string
  isStanding: boolean
}

/** A longer question is no longer carried whole: what it names is. */
const longestCarried = 400

/**
 * Completes a follow-up question from the ones before it, so that it can be searched for by itself. What it names in
 * place of something earlier replaces that (那 IH80 呢 asks of IH80 what was asked before); what it asks of the same thing
 * is put behind that thing; else it is put behind the question before. Its own words are never changed, and a question
 * that stands alone comes back as it is. No model is asked.
 * @param history the user's earlier questions, oldest first
 */
export function completeQuestion(question: string, history: readonly string[]): string {
  let context: Context | null = null
  for (const earlier of history) context = contextAfter(earlier, context)
  return complete(question, context).text
}

function contextAfter(question: string, context: Context | null): Context {
  const { text, isStanding } = complete(question, context)
  if (context === null || isStanding) return { standing: clip(text), addition: null }
  return saysSomething(question) ? { ...context, addition: clip(question) } : context
}

function complete(question: string, context: Context | null): Completed {
  if (context === null || !leansBack(question)) return { text: question, isStanding: true }
  const mentions = mentionsIn(question)
  const before = [context.standing, context.addition].filter(Boolean).join(' ')
  const behind = { text: `${before} ${question}`, isStanding: false }
  if (mentions.length > 0) return withNames(question, mentions, { context, behind })
  const core = coreOf(question)
  if (attributeOnly.test(core)) {
    const swapped = swapAttribute(context.standing, core)
    if (swapped !== null) return { text: swapped, isStanding: true }
  }
  const asksOfThing = asksForAttribute.test(question.trim()) && !compares(question)
  const thing = asksOfThing ? (thingOf(context.standing) ?? sureNames(context.standing)) : null
  return thing === null ? behind : { text: `${thing} ${question}`, isStanding: true }
}

/** Completes a question that names something itself. */
function withNames(
  question: string,
  mentions: readonly Mention[],
  { context: { standing }, behind }: { context: Context; behind: Completed },
): Completed {
  const asksMore = saysSomething(withoutMentions(question, mentions))
  if (compares(question)) {
    const carried = asksMore && holdsPointer(question) ? namesOf(standing) : null
    return carried === null ? behind : { text: `${carried} ${question}`, isStanding: true }
  }
  if (!asksMore && !lacksSubject(question)) {
    const swapped = swapMentions(standing, mentions, question)
    if (swapped === null) return behind
    const isSaid = isBare(question, mentions) && mentions.every(({ text }) => swapped.includes(text))
    return { text: isSaid ? swapped : `${swapped} ${question}`, isStanding: true }
  }
  const carried = carriedNames(question, mentions, standing)
  if (carried !== '') return { text: `${carried} ${question}`, isStanding: true }
  const isOwn = mentions.some(({ kind }) => kind !== 'measure')
  return isOwn ? { text: question, isStanding: true } : behind
}

/**
 * What an earlier question names and a later one leaves out. A later one that names a thing of its own, and does not
 * point back, leaves all of it out, unless it names another of the same family (DN80 after HQ41F-16P DN50).
 */
function carriedNames(question: string, mentions: readonly Mention[], standing: string): string {
  const isKin = (a: Mention) => mentions.some(({ kind, family }) => kind === a.kind && family === a.family)
  const earlier = mentionsIn(standing)
  const isPartial = earlier.some(isKin) || mentions.every(({ kind }) => kind === 'measure')
  const pointsBack = /[它其]|\b(?:its?|their|them)\b/iu.test(question) || lacksSubject(question)
  if (!isPartial && !pointsBack) return ''
  const others = earlier.filter((each) => !isKin(each))
  // 它 is not what the question names: with nothing else that it could be, it is the earlier one of that family.
  const carried = others.length === 0 && pointsBack ? earlier : others
  return carried.map(({ text }) => text).join(' ')
}

/** As `namesOf`, where one of them is enough to know the thing by. */
function sureNames(question: string): string | null {
  return mentionsIn(question).some(({ kind }) => ['code', 'phrase', 'variant'].includes(kind))
    ? namesOf(question)
    : null
}

function namesOf(question: string): string | null {
  const names = mentionsIn(question).map(({ text }) => text)
  return names.length > 0 ? names.join(' ') : null
}

function withoutMentions(question: string, mentions: readonly Mention[]): string {
  return mentions.reduceRight((rest, { span }) => `${rest.slice(0, span.start)} ${rest.slice(span.end)}`, question)
}

/** Words of a question that ask nothing by themselves, besides those of `withoutFunctionWords`. */
const light =
  /那么|那|还有|另外|再|换成|换|如果|要是|对于|同样|需要|应该|可以|需|要|应|会|能|用|做|也|都|还|在|下|里|中|上|时|型号|型|系列|版本?|款|号|为什么|详细|具体|继续|然后|then|about|also|again|more|if|so|but|go on|continue|details?|explain/giu

function saysSomething(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(withoutFunctionWords(text).replace(light, ' '))
}

/** Whether a question is nothing but names and what ties them together: 那 IH80 和 IH100 呢？ */
function isBare(question: string, mentions: readonly Mention[]): boolean {
  const core = coreOf(question)
  const inner = mentionsIn(core)
  const rest = withoutMentions(core, inner).replace(
    /[和与跟或及、,，\s的在下时]|型号?|系列|版|款|\b(?:and|or|the)\b/giu,
    '',
  )
  return rest === '' && inner.length === mentions.length
}

function clip(text: string): string {
  if (text.length <= longestCarried) return text
  return namesOf(text)?.slice(0, longestCarried) ?? text.slice(0, longestCarried)
}
