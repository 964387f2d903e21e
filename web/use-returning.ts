import { useEffect, useRef } from 'preact/hooks'

/** Acts when the user comes back to the page: another tab or the command line may have changed things. */
export function useReturning(act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const abort = new AbortController()
    const onChange = () => {
      if (document.visibilityState === 'visible') latest.current()
    }
    document.addEventListener('visibilitychange', onChange, { signal: abort.signal })
    return () => abort.abort()
  }, [])
}
