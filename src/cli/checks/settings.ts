import { type Config, secretSettings, settingNames, settings } from '../../config/settings.js'
import type { Check } from './check.js'

/** The settings that differ from their defaults; secrets are never shown. */
export function settingsCheck(config: Config): Check {
  // The two folders have no fixed default: `home` has its own line, and `modelsDir` is the model's.
  const defaults = settings.parse({ home: config.home, modelsDir: config.modelsDir })
  const changed = settingNames
    .filter((name) => JSON.stringify(config[name]) !== JSON.stringify(defaults[name]))
    .map((name) => `${name}=${secretSettings.has(name) ? '******' : JSON.stringify(config[name])}`)
  const message = changed.length === 0 ? 'every setting has its default' : changed.join(', ')
  return { name: 'settings', status: 'ok', message }
}
