import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Turn } from './conversation.js'

const marginPx = 16

/**
 * Scrolls along with the newest answer until its beginning has reached the top, where it can be read in peace, and not
 * at all once the reader has scrolled back.
 */
export function useFollowing(count: number, newest: Turn | undefined): RefObject<HTMLDivElement | null> {
  const scroller = useRef<HTMLDivElement>(null)
  const followed = useRef({ count: 0, top: 0 })

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const isNew = followed.current.count !== count
    const hasScrolledBack = element.scrollTop < followed.current.top - marginPx
    followed.current.count = count
    if (hasScrolledBack && !isNew) return
    element.scrollTo({ top: restingPlace(element) })
    followed.current.top = element.scrollTop
  }, [count, newest])
  return scroller
}

/** The end of the conversation, but no further than the beginning of what answers the newest question. */
function restingPlace(scroller: HTMLElement): number {
  const end = scroller.scrollHeight - scroller.clientHeight
  const answer = [...scroller.querySelectorAll('.turn')].at(-1)?.querySelector('.refusal, .answer')
  if (!answer) return end
  const beginning = scroller.scrollTop + answer.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  return Math.min(end, beginning - marginPx)
}
