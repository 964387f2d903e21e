import { useEffect, useRef, useState } from 'preact/hooks'
import type { OpenPassage } from './answer-text.js'
import type { Passage } from './passage.js'

export type Panels = ReturnType<typeof usePanels>

/** Which panels are open. Closing one, also by Escape, gives the focus back to what opened it. */
export function usePanels() {
  const [passage, setPassage] = useState<Passage | null>(null)
  const [side, setSide] = useState<'documents' | 'conversations' | null>(null)
  const opener = useRef<HTMLElement | null>(null)
  const openReader: OpenPassage = (opened, from) => {
    opener.current = from
    setPassage(opened)
  }
  const closeReader = () => {
    setPassage(null)
    opener.current?.focus()
  }
  const closeSide = () => {
    setSide(null)
    document.getElementById(`${side}-button`)?.focus()
  }
  /** Closes the side panel for the sake of the conversation: the next question can be typed at once. */
  const leaveSide = () => {
    setSide(null)
    requestAnimationFrame(() => document.getElementById('question')?.focus())
  }
  useEffect(() => {
    const closeTopmost = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]') !== null) return
      if (passage !== null) closeReader()
      else if (side !== null) closeSide()
    }
    window.addEventListener('keydown', closeTopmost)
    return () => window.removeEventListener('keydown', closeTopmost)
  })
  return {
    passage,
    documentsOpen: side === 'documents',
    conversationsOpen: side === 'conversations',
    openReader,
    closeReader,
    openDocuments: () => setSide('documents'),
    openConversations: () => setSide('conversations'),
    closeSide,
    leaveSide,
  }
}
