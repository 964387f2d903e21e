/** The browser may take up a download only after a while; what it has not taken up by then has no name, or no content. */
const keptMs = 60_000

/** Has the browser save bytes as a file. */
export function saveFile(bytes: Blob, fileName: string): void {
  const address = URL.createObjectURL(bytes)
  const link = window.document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), keptMs)
}
