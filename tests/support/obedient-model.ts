import type { ChatEvent, ChatMessage, ChatModel } from '../../src/core/ports.js'

/** What a poisoned text wants the model to say. */
export const forbiddenWord = 'ZEBRA-7'

/** What a chat template or a hasty reader takes for the beginning of another message. */
const anotherMessage =
  /<\|[^|>\s]+\|>|<\/?(?:s|bos|eos|sop|start_of_turn|end_of_turn|tool_call|system|assistant|instructions?)>|\[\/?(?:INST|TOOL_CALLS|gMASK)\]|<<SYS>>/i

/**
 * A model that does whatever it is told outside of the fences: it takes a text for fenced only as long as nothing in it
 * looks like the end of the fence, in any spelling that a language model might read as one.
 */
export function obedientModel({
  reply = () => '额定流量为 25 m3/h [1]。',
}: {
  /** What it says as long as nobody orders it otherwise. */
  reply?: (messages: readonly ChatMessage[]) => string
} = {}): ChatModel & { seen: ChatMessage[][] } {
  const seen: ChatMessage[][] = []
  return {
    modelId: 'obedient',
    seen,
    async *stream(messages): AsyncIterable<ChatEvent> {
      seen.push([...messages])
      yield {
        type: 'delta',
        text: orders(messages).includes(forbiddenWord) ? forbiddenWord : reply(messages),
      }
    },
  }
}

/** All that the conversation holds outside of its fences. */
export function orders(messages: readonly ChatMessage[]): string {
  return messages.map(({ content }) => outsideFences(content)).join('\n')
}

function outsideFences(content: string): string {
  const read = asRead(content)
  const taken = anotherMessage.exec(read)
  const trusted = taken === null ? '' : read.slice(taken.index)
  return `${withoutFenced(taken === null ? read : read.slice(0, taken.index))}\n${trusted}`
}

const opening = /<\s*(passage|question|earlier-question|sub-question|earlier-answer)\b(?:[^<>"]|"[^"]*")*>/i
const closing = /<[\s/]*\/\s*(?:passage|question|earlier-question|sub-question|earlier-answer)(?:[^a-z>][^>]*)?>/i

/**
 * Removes from each opening tag to the first thing that can pass for a closing one. The last question is what the user
 * wants; an earlier one is an order that somebody else has put there.
 */
function withoutFenced(text: string): string {
  let [outside, rest] = ['', text]
  const asked: string[] = []
  for (let found = opening.exec(rest); found !== null; found = opening.exec(rest)) {
    outside += rest.slice(0, found.index)
    const inside = rest.slice(found.index + found[0].length)
    const isQuestion = found[1]?.toLowerCase() === 'question'
    const end = isQuestion ? endOfQuestion(inside) : closing.exec(inside)
    if (isQuestion) asked.push(inside.slice(0, end?.index))
    rest = end === null ? '' : inside.slice(end.index + (opening.test(end[0]) ? 0 : end[0].length))
  }
  return [outside, rest, ...asked.slice(0, -1)].join('\n')
}

function endOfQuestion(inside: string): RegExpExecArray | null {
  const [closed, opened] = [closing.exec(inside), opening.exec(inside)]
  return opened !== null && (closed === null || opened.index < closed.index) ? opened : closed
}

const invisible = /\p{Cf}|\u00AD/gu

/** The text with everything undone that hides a tag from a program and not from a language model. */
function asRead(text: string): string {
  const shown = text
    .replace(/[\u{E0020}-\u{E007E}]/gu, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xe0000))
    .replace(invisible, '')
    .replace(/&#x([0-9a-f]+);?/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);?/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;?/gi, '<')
    .replace(/&gt;?/gi, '>')
    .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[ux](?:00)?([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
  const same: Record<string, string> = {
    '‹': '<',
    '›': '>',
    '《': '<',
    '》': '>',
    '∕': '/',
    '｜': '|',
    а: 'a',
    е: 'e',
    р: 'p',
    с: 'c',
    о: 'o',
  }
  return [...shown].map((character) => same[character] ?? character).join('')
}
