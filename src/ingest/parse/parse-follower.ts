import type { ParseFollower } from '../../core/ports.js'
import type { EarlyBlocks } from '../../core/types.js'
import { earlyWithinBounds } from './parse-bounds.js'
import type { ParseNews } from './parse-messages.js'
import { partsOf } from './parse-parts.js'

/** Pages are told of no more often. */
const everyMs = 200

/** In the parsing process: passes on what a parser tells of a file while it reads it. */
export function tellParent({
  tell,
  handOver,
  now = () => performance.now(),
}: {
  tell(news: ParseNews): void
  /** Resolves when it is taken. */
  handOver(news: ParseNews): Promise<void>
  /** Milliseconds on any clock. */
  now?: () => number
}): ParseFollower {
  let toldAt = now()
  return {
    onPages(pages) {
      if (now() - toldAt < everyMs) return
      toldAt = now()
      tell({ type: 'pages', ...pages })
    },
    async onEarly(early) {
      const { title, blocks } = earlyWithinBounds(early)
      for (const part of partsOf({ blocks, pictures: [], members: [] })) {
        // A block that is sent in pieces is as long as a book: it can wait.
        if (part.type === 'blocks') await handOver({ type: 'early', title, blocks: part.blocks })
      }
    },
  }
}

/** In the parent: tells whoever follows what comes from the parsing process. */
export function hearChild(follower: ParseFollower | undefined, news: ParseNews): void {
  if (news.type === 'pages') follower?.onPages({ done: news.done, total: news.total })
  else void follower?.onEarly({ title: news.title, blocks: news.blocks } satisfies EarlyBlocks)
}
