/** Languages that are told apart where it changes what Inkstone does. */
export type Language = 'zh' | 'en'

/** The language a text is written in, by the share of Han characters among its letters. Part numbers do not count. */
export function languageOf(text: string): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = text.match(/\b\p{Script=Latin}{2,}\b/gu)?.filter((word) => !/^[A-Z]+$/.test(word)).length ?? 0
  return han > 0 && han >= words ? 'zh' : 'en'
}
