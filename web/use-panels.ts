import { useEffect, useRef, useState } from 'preact/hooks'
import type { OpenPassage } from './answer-text.js'
import type { Passage } from './passage.js'

export type Panels = ReturnType<typeof usePanels>

/** Which panels are open. Closing one, also by Escape, gives the focus back to what opened it. */
export function usePanels() {
  const [passage, setPassage] = useState<Passage | null>(null)
  const [documentsOpen, setDocumentsOpen] = useState(false)
  const opener = useRef<HTMLElement | null>(null)
  const openReader: OpenPassage = (opened, from) => {
    opener.current = from
    setPassage(opened)
  }
  const closeReader = () => {
    setPassage(null)
    opener.current?.focus()
  }
  const closeDocuments = () => {
    setDocumentsOpen(false)
    document.getElementById('documents-button')?.focus()
  }
  useEffect(() => {
    const closeTopmost = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]') !== null) return
      if (passage !== null) closeReader()
      else if (documentsOpen) closeDocuments()
    }
    window.addEventListener('keydown', closeTopmost)
    return () => window.removeEventListener('keydown', closeTopmost)
  })
  return {
    passage,
    documentsOpen,
    openReader,
    closeReader,
    openDocuments: () => setDocumentsOpen(true),
    closeDocuments,
  }
}
