/**
 * Puts a text between tags as data. Whatever is in it, it cannot end its fence, open another one, or speak as another
 * party of the conversation: see `inert`.
 */
export function fence(tag: string, attributes: Record<string, string>, text: string): string {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${inert(value).replace(/\s+/g, ' ').replaceAll('"', '”')}"`,
  )
  return `<${tag}${written.join('')}>\n${inert(text)}\n</${tag}>`
}

/**
 * A text from outside without what a language model or its server could take for structure:
 * - characters that cannot be seen are left out: zero width, direction, tag and control characters;
 * - tags named like a fence or a party of a conversation lose their bracket, also when they are written as entities, with
 *   look-alike letters or in full width;
 * - control tokens of chat templates (ChatML, Llama, Mistral, Gemma, DeepSeek, GLM …) are broken by a space, so that no
 *   tokenizer reads them as one.
 */
export function inert(text: string): string {
  return withoutControlTokens(withoutTags(withoutInvisible(text)))
}

/** Joiners stay where a script needs them: between letters that are neither Latin, Greek, Cyrillic nor Han. */
const invisible =
  /[\p{Cc}\p{Co}\u2028\u2029\uFFF9-\uFFFB]|(?![\u200C\u200D])\p{Default_Ignorable_Code_Point}|(?<![\p{L}\p{M}])[\u200C\u200D]|(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}])[\u200C\u200D]/gu

function withoutInvisible(text: string): string {
  return text.replace(invisible, (character) => (character === '\n' || character === '\t' ? character : ''))
}

const lookAlikes: Record<string, string> = {
  ...{ а: 'a', ɑ: 'a', α: 'a', '@': 'a', Α: 'a', А: 'a', ѕ: 's', $: 's', Ѕ: 's', ꜱ: 's', ɡ: 'g', ց: 'g' },
  ...{ е: 'e', ε: 'e', Е: 'e', Ε: 'e', ℮: 'e', ԛ: 'q', υ: 'u', ս: 'u', т: 't', τ: 't', Т: 't', Τ: 't' },
  ...{ і: 'i', ı: 'i', ι: 'i', І: 'i', Ι: 'i', о: 'o', ο: 'o', О: 'o', Ο: 'o', ո: 'n', п: 'n', ɴ: 'n', г: 'r' },
  ...{ р: 'p', ρ: 'p', Р: 'p', Ρ: 'p', м: 'm', М: 'm', Μ: 'm', у: 'y', γ: 'y', У: 'y', ʏ: 'y', с: 'c', С: 'c' },
  ...{
    '‹': '<',
    '〈': '<',
    '⟨': '<',
    '《': '<',
    '˂': '<',
    ᐸ: '<',
    '❮': '<',
    '❰': '<',
    '≺': '<',
    '⟪': '<',
    '«': '<',
    '﹤': '<',
  },
  ...{ '∕': '/', '⁄': '/', '╱': '/', '⧸': '/', '᜵': '/', '／': '/', '\\': '/', '‐': '-', '‑': '-', '–': '-', _: '-' },
}

/** Code points as they look, one for one, in lower case: what is found here has the same place in the text itself. */
function looksOf(points: readonly string[]): string[] {
  return points.map((point) => {
    const folded = [...point.normalize('NFKC')]
    const [first = point] = folded.length === 1 ? folded : [point]
    const bare = first.normalize('NFD').replace(/\p{M}/gu, '')
    return (lookAlikes[first] ?? lookAlikes[bare] ?? (bare || first)).toLowerCase().slice(0, 1) || ' '
  })
}

const parties =
  'passage|question|earlier-question|sub-question|earlier-answer|system(?:-prompt)?|assistant|instruction|tool-call|tool-response|function-call'
const bracket = '(?:<|&(?:amp;)*(?:lt|#0*60|#x0*3c);?|%(?:25)*3c|/+u003c|/+x3c)'
const tag = new RegExp(
  `(${bracket})(?=[\\s!?/]*(?:%(?:25)*2f|&(?:amp;)*(?:sol|#0*47|#x0*2f);?)?[\\s/]*(?:${parties}))`,
  'g',
)

function withoutTags(text: string): string {
  const points = [...text]
  const places = [...looksOf(points).join('').matchAll(tag)]
  for (const { 0: whole, index } of places.reverse()) points.splice(index, whole.length, '(')
  return points.join('')
}

/** Names that stand between brackets as one token in the vocabulary of some model. */
const tokenNames =
  's|bos|eos|pad|unk|mask|cls|sep|sop|eop|eot|eod|think|thinking|start_of_\\w+|end_of_\\w+|begin_of_\\w+|im_\\w+|unused_?\\d+|reserved_\\w+|extra_id_\\d+|tool_\\w+|function_\\w+|fim_\\w+|file_sep|repo_name|endoftext|image|audio|video'
const controlTokens: readonly RegExp[] = [
  /([<＜﹤])(?=[|｜￨])/g,
  /([|｜￨])(?=[>＞﹥])/g,
  new RegExp(`([<＜﹤])(?=[/／]?(?:${tokenNames})[>＞﹥])`, 'gi'),
  /(<)(?=<\/?SYS>>)/gi,
  /(\[)(?=\/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_\w+|IMG|IMG_\w+|gMASK|sMASK|MASK|CLS|SEP|PAD|UNK|BOS|EOS|THINK|ARGS|CALL_ID|PREFIX|SUFFIX|MIDDLE)\])/gi,
]

function withoutControlTokens(text: string): string {
  return controlTokens.reduce((rest, pattern) => rest.replace(pattern, '$1 '), text)
}
