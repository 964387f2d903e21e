import { useMemo, useRef, useState } from 'preact/hooks'
import type { Job, Problem } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'
import type { Api } from './api.js'
import { problemOf } from './api-error.js'
import { followJob, hasEnded } from './follow-job.js'
import { createLanes } from './lanes.js'
import { isUnderWay, newTransfer, type Transfer } from './transfer.js'

export interface Transfers {
  items: Transfer[]
  /** A dropped folder comes as null with its name: it is refused visibly. */
  add(knowledgeBase: string, files: readonly DroppedFile[]): void
  /** Queues a document again and follows it. */
  retry(document: Document): void
  /** Drops what is known of a document that was deleted. */
  forget(document: Document): void
  clearFinished(): void
}

export interface DroppedFile {
  name: string
  /** null for a folder. */
  file: File | null
}

/**
 * Uploads two files at a time and follows two jobs at a time.
 * @param onChange called when a document was added, changed or ended
 */
export function useTransfers(api: Api, onChange: () => void): Transfers {
  const [items, setItems] = useState<Transfer[]>([])
  const lanes = useMemo(() => ({ upload: createLanes(2), follow: createLanes(2) }), [])
  const changed = useRef(onChange)
  changed.current = onChange
  const added = useRef(0)
  const nextKey = () => {
    added.current += 1
    return String(added.current)
  }

  const update = (key: string, change: Partial<Transfer>) =>
    setItems((all) => all.map((item) => (item.key === key ? { ...item, ...change } : item)))

  const follow = async (key: string, job: Job) => {
    update(key, { state: 'ingesting', job })
    const ended = await lanes.follow(() => followJob(api, job, (now) => update(key, { job: now })))
    update(key, ended.status === 'done' ? { state: 'done', job: ended } : { state: 'failed', problem: ended.error })
    changed.current()
  }

  const send = async (key: string, knowledgeBase: string, file: File) => {
    const { outcome, document, job } = await lanes.upload(() => {
      update(key, { state: 'uploading' })
      return api.upload(knowledgeBase, file, (sentRatio) => update(key, { sentRatio }))
    })
    update(key, { document })
    changed.current()
    if (job !== null && !hasEnded(job)) return follow(key, job)
    if (document.status === 'failed') update(key, { state: 'failed', problem: document.error })
    else update(key, { state: outcome === 'duplicate' ? 'duplicate' : 'unchanged' })
  }

  const track = (transfer: Transfer, work: () => Promise<void>) => {
    setItems((all) => [transfer, ...all])
    work().catch((error: unknown) => update(transfer.key, { state: 'failed', problem: problemOf(error) }))
  }

  return {
    items,
    add: (knowledgeBase, files) => {
      for (const { name, file } of files) {
        const transfer = newTransfer(nextKey(), name)
        track(transfer, async () => {
          if (file === null) update(transfer.key, { state: 'failed', problem: folderDropped })
          else await send(transfer.key, knowledgeBase, file)
        })
      }
    },
    retry: (document) => {
      setItems((all) => all.filter((transfer) => transfer.document?.id !== document.id))
      const transfer = { ...newTransfer(nextKey(), document.title), document }
      track(transfer, async () => follow(transfer.key, await api.retry(document.id)))
    },
    forget: (document) => setItems((all) => all.filter((transfer) => transfer.document?.id !== document.id)),
    clearFinished: () => setItems((all) => all.filter(isUnderWay)),
  }
}

const folderDropped: Problem = { code: 'folder_dropped', message: 'a folder cannot be uploaded' }
