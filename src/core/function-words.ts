/**
 * Words that ask or bind. Single Chinese characters are few, because they also stand inside words; the words in which
 * they do so most often come first, in `kept`, and stay.
 */
const functionWords = (() => {
  const kept =
    '目的|标的|的确|的士|了解|了结|明了|为了|是非|国是|吗啡|呢绒|和平|和谐|饱和|总和|中和|温和|与会|参与|给与|及格|普及|涉及'
  const asking =
    '是什么|为什么|什么时候|什么样|什么|怎么样|怎么办|怎么|怎样|如何|为何|多少|多久|多长|多大|多高|几个|哪些|哪个|哪里|哪儿|哪种|哪|谁|何时|何处|是否|能否|可否|有没有|是不是|能不能'
  const binding = '请问|请|以及|或者|还是|我们|你们|这个|那个|这些|那些|的|了|吗|呢|吧|啊|是|和|与|及'
  const english =
    "an|the|is|are|was|were|be|been|do|does|did|can|could|should|would|will|may|must|has|have|had|what|which|who|whom|whose|when|where|why|how|of|in|on|at|to|for|from|by|with|and|or|if|it|its|this|that|these|those|there|you|we|they|my|your|our|me|us|please|tell|much|many|what's|who's|it's"
  // At the start of a sentence too, but not in capitals: IT, US and WHO are no function words, nor is the A of "A 型".
  const anyCase = english.replace(/(?<![\w'])[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
  const alone = '[\\p{L}\\p{M}\\p{N}_-]'
  return new RegExp(`(${kept})|${asking}|${binding}|(?<!${alone})(?:a|i|I|${anyCase})(?!${alone})`, 'gu')
})()

/** What carries a question's subject: a space in place of question words, particles and auxiliaries. */
export function withoutFunctionWords(question: string): string {
  return question.replace(functionWords, (match, kept: string | undefined) => kept ?? (match && ' '))
}
