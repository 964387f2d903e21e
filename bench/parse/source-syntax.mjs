const comments = (text) => text.replace(/<!--.*?(?:-->|$)/gs, ' ')
const tags = (text) => text.replace(/<!--.*?(?:-->|$)|<[?!].*?(?:>|$)|<\/?[^>]*(?:>|$)/gs, ' ')
const elementNames = (text) =>
  text.replace(/<[?!].*?(?:>|$)|<\/[^>]*(?:>|$)/gs, ' ').replace(/<([\w:-]+)[^>]*(?:>|$)/g, '$1 ')
const rtf = (text) => text.replace(/^\{\\rtf1\S*|\\[a-z]+-?\d* ?|[{}]|\\.?$/gi, ' ')
/** Headers of a mail that no mail program shows. */
const headers = (text) =>
  text.replace(/(?:Mime-Version|Content-[\w-]+|Message-ID|Received|X-[\w-]+):.*?(?=\s[A-Z][\w-]*:|$)/gi, ' ')

const strippers = {
  html: [tags],
  md: [comments],
  txt: [comments],
  xml: [tags, elementNames],
  rtf: [rtf],
  eml: [headers],
}

/** The ways in which a snippet of source text may be read once the syntax of its format is taken away. */
export function withoutSyntax(snippet, format) {
  return (strippers[format] ?? []).map((strip) => strip(snippet).trim())
}
