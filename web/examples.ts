import type { Language } from './messages.js'

/** The slug of the knowledge base that the examples were chosen for. */
export const sampleSlug = 'sample'

/** Questions that the sample documents answer: the maintenance manual, the warranty terms, the installation guide. */
export const examples: Record<Language, readonly string[]> = {
  zh: ['HCZ65-200 离心泵启动前要检查哪些项目？', '国内销售的机械密封保证期多长？', '泵进口前的直管段要多长？'],
  en: [
    'How long is the warranty on mechanical seals sold abroad?',
    'What is the maximum sling angle when lifting an export pump set?',
    'How long can the packing stay outdoors under a tarpaulin?',
  ],
}
