/** The fenced blocks of a page that name no language, each as its command lines; one that ends in `\` goes on. */
export function commandBlocks(markdown: string): string[][] {
  const blocks = [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  return blocks
    .filter(([, language]) => language === '')
    .map(([, , block = '']) => {
      const lines = block.replaceAll('\\\n', '').split('\n')
      return lines.map((line) => line.trim()).filter((line) => line !== '')
    })
}

/** The words of a command line as a shell reads them, for lines with plain, "double" and 'single' quoted words. */
export function commandWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  for (const [part] of line.matchAll(/"[^"]*"|'[^']*'|\s+|[^\s"']+/g)) {
    if (/^\s/.test(part)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + (/^["']/.test(part) ? part.slice(1, -1) : part)
  }
  return word === null ? words : [...words, word]
}
