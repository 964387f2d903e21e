import { Converter } from 'opencc-js/t2cn'

const convert = Converter({ from: 't', to: 'cn' })

/**
 * Traditional characters with the simplified ones that stand for them, each taken by itself. One that is simplified for
 * one character and traditional for another (薴 to 苧, 苧 to 苎) goes all the way: what is written either way must match.
 */
const characters = (() => {
  const han = Array.from({ length: 0xa000 - 0x3400 }, (_, at) => String.fromCharCode(0x3400 + at))
  const once = convert(han.join(' '))
  const converted = convert(once).split(' ')
  return new Map(
    han.flatMap((character, at): [string, string][] => {
      const simple = converted[at]
      return simple === undefined || simple === character ? [] : [[character, simple]]
    }),
  )
})()

const anyTraditional = new RegExp(`[${[...characters.keys()].join('')}]`, 'g')

/**
 * Traditional Chinese in simplified characters, one by one and without regard to their neighbours: for matching, where
 * a part of a text must give the same as within the whole. Text that is simplified already stays as it is, but for
 * characters that are both (著 becomes 着).
 */
export function simplifiedCharacters(text: string): string {
  return text.replace(anyTraditional, (character) => characters.get(character) ?? character)
}

/**
 * Traditional Chinese as a reader of simplified Chinese would write it, words considered (乾坤 stays, 乾燥 becomes
 * 干燥): for models that were trained on simplified text. Japanese, told by its kana, is left alone.
 */
export function simplified(text: string): string {
  return /[\u3041-\u30ff]/.test(text) ? text : convert(text)
}
