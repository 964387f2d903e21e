import { createHash } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/**
 * Replies with a file below `folder`, or null when there is none at `path`. Files whose type is not known here are not
 * served, nor is anything outside the folder, whatever dots, escapes or links lead there.
 * @param path as decoded from the URL, such as `/app.js`
 * @param ifNoneMatch the request's If-None-Match header
 */
export async function serveFile(
  folder: string,
  path: string,
  { ifNoneMatch, headers = {} }: { ifNoneMatch: string | undefined; headers?: Record<string, string> },
): Promise<Response | null> {
  const mediaType = mediaTypes[extname(path).toLowerCase()]
  if (mediaType === undefined || /[\\\0%]/.test(path) || path.split('/').some((part) => part.startsWith('.')))
    return null
  const file = await locate(folder, path)
  if (file === null) return null
  const bytes = await readFile(file)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  const common = { etag, 'cache-control': 'no-cache', ...headers }
  if (ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    return new Response(null, { status: 304, headers: common })
  }
  return new Response(bytes, { headers: { ...common, 'content-type': mediaType } })
}

/** The true path of a file, links followed, when it lies below the folder. */
async function locate(folder: string, path: string): Promise<string | null> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))])
    return file.startsWith(root + sep) ? file : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
