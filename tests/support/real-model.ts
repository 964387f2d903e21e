import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const script = fileURLToPath(new URL('../../scripts/fetch-test-model.mjs', import.meta.url))
const placesSchema = z.object({
  modelPath: z.string().nullable(),
  libraryPath: z.string().nullable(),
  home: z.string(),
})

/** The small real language model and the home in which node-llama-cpp is; null, with a loud word, when one is missing. */
export function realModel(): { modelPath: string; home: string } | null {
  const printed = execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' })
  const { modelPath, libraryPath, home } = placesSchema.parse(JSON.parse(printed))
  if (modelPath !== null && libraryPath !== null) return { modelPath, home }
  const missing = [modelPath === null ? 'the model file' : [], libraryPath === null ? 'node-llama-cpp' : []].flat()
  console.warn(
    `\nSKIPPED: the tests with a real language model do not run (missing: ${missing.join(', ')}).\n` +
      'Run "node scripts/fetch-test-model.mjs --library" to have them.\n',
  )
  return null
}
