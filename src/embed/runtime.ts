import { env, LogLevel } from '@xenova/transformers'
import type { LocalModel } from './models.js'

/** Has the runtime read models from this folder only; nothing is ever fetched. */
export function readModelsFrom(modelsDir: string): void {
  env.allowRemoteModels = false
  env.localModelPath = modelsDir
  env.useFSCache = false
  env.logLevel = LogLevel.ERROR
}

/**
 * How a model is loaded. One thread for each session: sessions with more spin, and several then get in each other's way.
 * No patterns of memory: texts have any length, and one pattern is kept for each of them (60 MiB, and no faster).
 */
export function loadingOptions({ dtype }: Pick<LocalModel, 'dtype'>) {
  return {
    local_files_only: true,
    dtype,
    device: 'cpu',
    session_options: {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableMemPattern: false,
    },
  } as const
}
