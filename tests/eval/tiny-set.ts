import type { Passage } from '../../src/eval/beir.js'
import type { CutPiece } from '../../src/eval/index-corpus.js'

/** Passages in memory, as a retrieval set gives them. */
export async function* passagesIn(passages: readonly Passage[]): AsyncGenerator<Passage> {
  yield* passages
}

export const tinyPassages: Passage[] = [
  { id: 'p1', title: '水泵', text: '轴承润滑脂每 2000 小时更换一次。' },
  { id: 'p2', title: '阀门', text: '阀门每年检查一次。' },
  { id: 'p3', title: 'Pump', text: 'The bearing grease is changed every 2000 hours. The seal lasts longer.' },
]

/** Cuts after each sentence: p3 becomes two pieces. */
export async function cutSentences(passages: readonly Passage[]): Promise<CutPiece[][]> {
  return passages.map(({ text }) => {
    const middle = text.indexOf('. ') + 1
    const spans =
      middle === 0
        ? [[0, text.length]]
        : [
            [0, middle],
            [middle + 1, text.length],
          ]
    return spans.map(([start = 0, end = 0]) => ({ start, end, tokenCount: 5, embedText: text.slice(start, end) }))
  })
}
