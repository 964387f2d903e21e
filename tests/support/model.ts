import { fileURLToPath } from 'node:url'
import { defaultModelId, findModel } from '../../src/embed/models.js'
import { pullModel } from '../../src/embed/pull.js'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const modelsDir = fileURLToPath(new URL('../../.cache/models/', import.meta.url))

/** The models directory of all tests, with the default model in it. The first caller pulls it, the others wait. */
export async function testModelsDir(): Promise<string> {
  await pullModel(findModel(defaultModelId), { modelsDir, npmrcDir: repository, env: process.env })
  return modelsDir
}
