import type { Config } from '../config/settings.js'
import { isPinned, type LocalModel } from '../embed/models.js'
import type { CliContext } from './context.js'
import { downloadDisplay } from './render/bars.js'

/**
 * Fetches and verifies a model, with a bar on a terminal.
 * @returns its folder and the paths that were fetched
 * @throws InkstoneError as `pullModel` does
 */
export async function installModel(
  model: LocalModel,
  config: Config,
  { context, pin = false }: { context: CliContext; pin?: boolean },
): Promise<{ path: string; fetched: string[] }> {
  // Brings an npm client along, which only a download needs.
  const { pullModel } = await import('../embed/pull.js')
  const display = downloadDisplay(context.terminal)
  try {
    return await pullModel(model, {
      modelsDir: config.modelsDir,
      hubUrl: config.hubUrl,
      npmrcDir: context.packageRoot,
      env: context.environment,
      pin: pin && !isPinned(model),
      onProgress: display.update,
      signal: context.signal,
    })
  } finally {
    display.stop()
  }
}
