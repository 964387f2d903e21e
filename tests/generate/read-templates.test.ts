import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTemplates, readTemplates } from '../../src/generate/read-templates.js'
import { builtInTemplates } from '../../src/generate/templates.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

const own = 'Say {{noAnswer}}.\n{{preamble}}\n{{glossary}}\n'

describe('readTemplates', () => {
  test('is what comes with the product where no folder is given', async () => {
    expect(await readTemplates(undefined)).toEqual(builtInTemplates)
  })

  test('takes a file of the folder in place of the built-in text', async () => {
    const folder = await folderWith({ 'answer.en.md': own, 'notes.md': 'mine', 'README.txt': '' })
    expect(await readTemplates(folder)).toEqual({ ...builtInTemplates, 'answer.en': own })
  })

  test('names file, line and remedy of everything that is wrong', async () => {
    const folder = await folderWith({
      'answer.en.md': `${own}{{passages}}`,
      'answer.zh.md': '{{noAnswer}}{{preamble}}',
    })
    await expect(readTemplates(folder)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringMatching(
        /answer\.zh\.md:1: \{\{glossary\}\} is missing: put [\s\S]*answer\.en\.md:4: there is no placeholder \{\{passages\}\}: use/,
      ),
      remedy: expect.stringContaining('inkstone prompts'),
    })
  })

  test('refuses a file whose name is nearly one of a template', async () => {
    const folder = await folderWith({ 'anwser.en.md': own })
    await expect(readTemplates(folder)).rejects.toMatchObject({
      message: expect.stringContaining('anwser.en.md is not the name of a template'),
      remedy: expect.stringContaining('answer.en.md'),
    })
  })

  test('says that the folder is not there', async () => {
    await expect(readTemplates('/nowhere/at/all')).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining('promptsDir: /nowhere/at/all'),
    })
  })
})

describe('findTemplates', () => {
  test('tells where each comes from', async () => {
    const folder = await folderWith({ 'answer.zh.md': own })
    expect(await findTemplates(folder)).toMatchObject([
      { name: 'answer.zh', path: join(folder, 'answer.zh.md'), problems: [] },
      { name: 'answer.en', path: null, problems: [] },
    ])
  })
})
