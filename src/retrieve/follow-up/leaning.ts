/** Words that point back at something said before. */
const pointsBack = [
  /^(?:那|这|该|此|还有|另外|另一|其(?![实次他它余])|换成|如果是|上述|同样)/u,
  /(?<!其)[它她]|(?<![吉其])他(?!人)|(?<![尤极与何])其(?![实次他它余])|另一?[个种款台]|这[个种款台些]|上述|前者|后者|刚才|上面/u,
  /^(?:and|or|but|so|then|also|what about|how about|what if)\b/iu,
  /\b(?:its|they|their|them|that one|this one|the other(?: one)?|the same|those|these|the former|the latter)\b/iu,
]
/** `it` without a meaning of its own: "how long does it take", "is it necessary". */
const emptyIt =
  /\b(?:does|will|would|can) it (?:take|cost|need|matter)\b|\b(?:is|was) it (?:possible|necessary|safe|allowed|required|permitted|ok|better)\b/giu
const asking =
  /多少|多久|多大|多高|多长|几|什么|怎么|怎样|如何|为何|哪|谁|何时|吗[？?]?$|\b(?:what|which|who|when|where|why|how)\b/iu

/** With what a following question compares: both sides are meant, nothing is replaced. */
const comparing =
  /比(?![例如])|相比|区别|不同|差别|差异|一样吗|哪[个种款台]更?|\b(?:than|versus|vs\.?|compared?|difference|differ|better|worse|larger|smaller)\b/iu

/**
 * Words that a question needs to stand alone, a Chinese word counted as two characters: 旧版是几件 has fewer.
 * In a conversation a question as short as that mostly leans on the one before.
 */
const fewestWords = 4

const subjectless = /^(?:能|可以|会|是|有没有|支持|需要|适合|属于|符合|适用)[^，,。]{0,14}吗?[？?]?$/u

/** Whether a question says nothing of what it asks about: 能替代 IH80 吗？ */
export function lacksSubject(question: string): boolean {
  return subjectless.test(question.trim())
}

/** Whether a question can be understood only with the ones before it. */
export function leansBack(question: string): boolean {
  const text = question.trim()
  const length =
    (text.match(/\p{Script=Han}/gu)?.length ?? 0) / 2 + (text.match(/[\p{Script=Latin}\d]+/gu)?.length ?? 0)
  return (
    length < fewestWords || lacksSubject(text) || (/呢[？?]?$/u.test(text) && !asking.test(text)) || holdsPointer(text)
  )
}

/** Whether a question holds a word for something said before, such as 它 or "its". */
export function holdsPointer(question: string): boolean {
  return pointsBack.some((pattern) => pattern.test(question)) || /\bit\b/iu.test(question.replace(emptyIt, ''))
}

/** Whether a question sets what was said before against something. */
export function compares(question: string): boolean {
  return comparing.test(question)
}

const leadIn =
  /^(?:那么|那|还有|另外|再|请问|如果是|换成|要是|对于|关于|它们?的?|其|该|这个|这款|the|an?|and|or|but|so|then|also|what about|how about|what if it(?:'s| is)|for|at|with|in|of|on|its|their|is|are)(?:[\s,，]+|(?<=\p{Script=Han}))/iu
const leadOut = /(?:的?呢|的|吧|吗|啊|\s|[？?。.!！,，])+$/u

/** A following question without the words that only tie it to the one before: 那扬程呢？ is 扬程. A part of it as it stands. */
export function coreOf(question: string): string {
  let core = question.trim()
  for (;;) {
    const shorter = core.replace(leadIn, '')
    if (shorter === core || shorter === '') break
    core = shorter
  }
  return core.replace(leadOut, '')
}
