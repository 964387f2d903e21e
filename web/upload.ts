import { unreachable } from './api-error.js'

/**
 * Sends one file as multipart field `file`. XMLHttpRequest, because fetch does not tell how much has been sent.
 * @param options.onProgress called with the share of the bytes that were sent, 0 to 1
 * @throws ApiError `unreachable`
 */
export function upload(
  path: string,
  { file, key, onProgress }: { file: File; key: string | null; onProgress: (ratio: number) => void },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    if (key !== null) request.setRequestHeader('Authorization', `Bearer ${key}`)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    })
    request.addEventListener('load', () => resolve({ status: request.status, body: request.responseText }))
    request.addEventListener('error', () => reject(unreachable()))
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}
