import { useState } from 'preact/hooks'
import type { Problem } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { useMessages } from './language.js'
import { ProblemNote } from './problem-note.js'
import { saveFile } from './save-file.js'

/**
 * Leads to the file as it was handed in: a PDF opens at the page, anything else is downloaded, because a file from a
 * stranger must not run as a page of this origin.
 */
export function OriginalLink({ api, document, page }: { api: Api; document: Document; page: number }) {
  const say = useMessages()
  const [problem, setProblem] = useState<Problem | null>(null)
  const address = api.contentAddress(document.id)
  const fileName = document.sourceUri.split(/[/\\]/).at(-1) ?? document.title
  if (address === null) {
    const fetchFile = () => {
      setProblem(null)
      download(api, document.id, fileName).catch((error: unknown) => setProblem(problemOf(error)))
    }
    return (
      <>
        <button type="button" class="link-button" onClick={fetchFile}>
          {say.originalFile}
        </button>
        {problem === null ? null : <ProblemNote problem={problem} />}
      </>
    )
  }
  return document.mediaType === 'application/pdf' ? (
    <a href={`${address}#page=${page}`} target="_blank" rel="noreferrer noopener">
      {say.originalFile}
    </a>
  ) : (
    <a href={address} download={fileName}>
      {say.originalFile}
    </a>
  )
}

/** A link cannot send a key along, so the bytes are fetched first. */
async function download(api: Api, documentId: string, fileName: string): Promise<void> {
  saveFile(await api.getContent(documentId), fileName)
}
