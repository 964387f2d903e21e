import { useEffect, useRef, useState } from 'preact/hooks'
import type { DroppedFile } from './use-transfers.js'

/** Takes files dropped anywhere on the page. Returns whether files are held over it right now. */
export function useFileDrop(onDrop: (files: DroppedFile[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const handler = useRef(onDrop)
  handler.current = onDrop
  useEffect(() => {
    const depth = { entered: 0 }
    const set = (entered: number) => {
      depth.entered = Math.max(0, entered)
      setIsOver(depth.entered > 0)
    }
    const abort = new AbortController()
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (transfer: DataTransfer) => void) =>
      window.addEventListener(
        type,
        (event) => {
          if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return
          event.preventDefault()
          act(event.dataTransfer)
        },
        { signal: abort.signal },
      )
    listen('dragenter', () => set(depth.entered + 1))
    listen('dragleave', () => set(depth.entered - 1))
    listen('dragover', (transfer) => {
      transfer.dropEffect = 'copy'
    })
    listen('drop', (transfer) => {
      set(0)
      handler.current(droppedFiles(transfer))
    })
    return () => abort.abort()
  }, [])
  return isOver
}

/** A folder arrives as a file that cannot be read, so it is told apart here. */
function droppedFiles(transfer: DataTransfer): DroppedFile[] {
  return [...transfer.items].flatMap((item) => {
    const file = item.getAsFile()
    if (file === null) return []
    const isFolder = item.webkitGetAsEntry()?.isDirectory === true
    return [{ name: file.name, file: isFolder ? null : file }]
  })
}
