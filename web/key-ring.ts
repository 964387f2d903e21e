import type { KeyRing } from './api.js'

const storageKey = 'inkstone.apiKey'

/** What the key dialog shows and how it answers. */
export interface KeyQuestion {
  /** Whether a key was given before and refused. */
  refused: boolean
  answer(key: string | null): void
}

/**
 * Keeps the API key until the tab is closed. Requests that are refused at the same time share one question.
 * @param show opens the dialog for a question, or closes it with null
 */
export function createKeyRing(storage: Storage, show: (question: KeyQuestion | null) => void): KeyRing {
  let pending: Promise<string | null> | null = null
  const current = () => storage.getItem(storageKey)
  const askUser = (refused: string | null) =>
    new Promise<string | null>((resolve) => {
      const answer = (key: string | null) => {
        pending = null
        if (key !== null) storage.setItem(storageKey, key)
        show(null)
        resolve(key)
      }
      show({ refused: refused !== null, answer })
    })
  return {
    current,
    ask: async (refused) => {
      const known = current()
      if (known !== null && known !== refused) return known
      pending ??= askUser(refused)
      return pending
    },
  }
}
