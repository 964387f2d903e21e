/** What the product itself says in an answer, in the language of the question. */
export const messages = {
  zh: {
    no_match: '资料库中没有找到与这个问题相关的内容。',
    out_of_scope: '资料库中的文档与这个问题所问的内容无关。下面是最接近的段落。',
    low_confidence: '现有资料没有明确回答这个问题。下面是最接近的段落，请自行判断。',
    still_indexing: '现有资料没有明确回答这个问题，但还有文档正在处理，完成后可再问一次。下面是目前最接近的段落。',
    not_reranked: '精排模型未能及时给出结果，以下按检索的综合得分排序。',
    phrases_missing: '按引号中的全部词句没有找到段落，已按普通词语检索。',
    model_failed: '语言模型不可用，以下为资料原文摘录。',
    cut_off: '语言模型中途断开，以下回答不完整。',
    length: '回答已达到长度上限，可能不完整。',
    deep_unavailable: '深入模式需要语言模型（设置 INKSTONE_LLM_BASE_URL），以下为快速回答。',
    deep_steps: '深入检索已达到步数上限，以下回答基于此前找到的资料。',
    deep_tokens: '深入检索已达到 token 上限，以下回答基于此前找到的资料。',
    deep_time: '深入检索已达到时间上限，以下回答基于此前找到的资料。',
    deep_broke_off: '深入检索中途失败，以下回答基于此前找到的资料。',
    unsure: '资料可能没有回答这个问题，以下按您的要求从最接近的段落作答，请自行核对。',
    documents_differ: '不同文档给出的值不同：',
    uncited: '这段回答没有标注出处，无法核对，请对照下面的资料段落。',
  },
  en: {
    no_match: 'Nothing in the documents relates to this question.',
    out_of_scope: 'The documents are not about what this question asks. The nearest passages are shown below.',
    low_confidence:
      'The documents do not clearly answer this question. The nearest passages are shown below; judge for yourself.',
    still_indexing:
      'The documents read so far do not clearly answer this question, but others are still being read: ask again when they are done. The nearest passages so far are shown below.',
    not_reranked: 'The reranking model gave no result in time; the passages are in the order of the search itself.',
    phrases_missing: 'Nothing was found with all the quoted phrases; they were searched for as words.',
    model_failed: 'The language model is not available; these are quotes from the documents.',
    cut_off: 'The language model broke off: this answer is not complete.',
    length: 'The answer has reached its greatest length and may not be complete.',
    deep_unavailable: 'Deep mode needs a language model (set INKSTONE_LLM_BASE_URL); this is a quick answer.',
    deep_steps: 'The deep search reached its limit of steps; the answer rests on what was found until then.',
    deep_tokens: 'The deep search reached its limit of tokens; the answer rests on what was found until then.',
    deep_time: 'The deep search reached its limit of time; the answer rests on what was found until then.',
    deep_broke_off: 'The deep search failed on its way; the answer rests on what was found until then.',
    unsure:
      'The documents may not answer this question. As you asked, this is made from the nearest passages: check it yourself.',
    documents_differ: 'The documents give different values:',
    uncited: 'This answer names no sources, so it could not be checked. Compare it with the passages below.',
  },
} as const

/** Which documents are still being read, and how many more than those named. */
export function pendingText(
  { count, names }: { count: number; names: readonly string[] },
  language: keyof typeof messages,
): string {
  const more = count - names.length
  if (language === 'zh') return `正在处理：${names.join('、')}${more > 0 ? ` 等 ${count} 个` : ''}。`
  return `Being read: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}
