import type { AnswerEvent, Citation } from '../core/answer.js'
import type { Catalogue } from '../core/catalogue.js'
import type { PageText } from '../core/types.js'
import type { citationStream, Shown } from './citation-stream.js'
import { type CitationDraft, verifyCitation } from './cite.js'
import type { Transcript } from './transcript.js'

interface Showing {
  verify: (draft: CitationDraft) => Promise<Citation>
  /** Those shown so far: it grows. */
  citations: Citation[]
}

/** Passes a text on with its markers settled, and with each citation behind the piece that ends its statement. */
export async function* citing(
  pieces: AsyncGenerator<{ text: string }, Transcript | null>,
  { binding, ...showing }: Showing & { binding: ReturnType<typeof citationStream> },
): AsyncGenerator<AnswerEvent, Transcript | null> {
  try {
    for (;;) {
      const { done, value } = await pieces.next()
      if (done) return value
      yield* show(binding.write(value.text), showing)
    }
  } finally {
    // Whoever leaves early stops the model, too.
    await pieces.return(null)
  }
}

/** A piece of text, then the citations bound by it, each held against the stored text. */
export async function* show({ text, drafts }: Shown, { verify, citations }: Showing): AsyncGenerator<AnswerEvent> {
  if (text !== '') yield { type: 'delta', text }
  for (const draft of drafts) {
    const citation = await verify(draft)
    citations.push(citation)
    yield { type: 'citation', citation }
  }
}

/** Holds citations against the stored text; the pages of a document are read once. */
export function verifier(catalogue: Pick<Catalogue, 'getPages'>): Showing['verify'] {
  const reading = new Map<string, Promise<PageText[]>>()
  return async (draft) => {
    const pages = reading.get(draft.documentId) ?? catalogue.getPages(draft.documentId)
    reading.set(draft.documentId, pages)
    return verifyCitation(draft, await pages)
  }
}
