import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Picture } from '../../../src/core/types.js'
import { checkScratch } from '../../../src/ingest/parse/parse-scratch.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function folders() {
  const folder = await temporaryFolder()
  const scratchDir = join(folder, 'scratch')
  await mkdir(join(scratchDir, 'inner'), { recursive: true })
  await writeFile(join(folder, 'secret'), 'secret')
  await writeFile(join(scratchDir, 'made'), '12345')
  await writeFile(join(scratchDir, 'inner', 'made'), '12345')
  return { folder, scratchDir }
}

const pictureAt = (path: string): Picture => ({
  source: { kind: 'file', path },
  page: null,
  headingPath: [],
  at: 0,
  replaces: 0,
})
const member = (path: string, name = 'a.txt') => ({ name, path })

describe('checkScratch', () => {
  test('takes files that stand in the scratch folder, and pages of the file itself', async () => {
    const { scratchDir } = await folders()
    const page: Picture = { ...pictureAt(''), source: { kind: 'page', page: 1 } }
    const pictures = [pictureAt(join(scratchDir, 'made')), page]
    const members = [member(join(scratchDir, 'inner', 'made'), 'ordner/..a/名字 ….txt')]
    await expect(checkScratch({ pictures, members }, { scratchDir, fileName: 'a.zip' })).resolves.toBeUndefined()
  })

  test('needs no scratch folder where nothing was put aside', async () => {
    await expect(
      checkScratch({ pictures: [], members: [] }, { scratchDir: '/no/such', fileName: 'a.txt' }),
    ).resolves.toBeUndefined()
  })

  test.each<[string, (place: { folder: string; scratchDir: string }) => string | Promise<string>]>([
    ['outside', ({ folder }) => join(folder, 'secret')],
    ['outside by a way through the folder', ({ scratchDir }) => `${scratchDir}/../secret`],
    [
      'in a folder whose name begins alike',
      async ({ folder, scratchDir }) => {
        await mkdir(`${scratchDir}-other`)
        await writeFile(`${scratchDir}-other/file`, '')
        return join(folder, 'scratch-other', 'file')
      },
    ],
    [
      'that are links',
      async ({ folder, scratchDir }) => {
        await symlink(join(folder, 'secret'), join(scratchDir, 'link'))
        return join(scratchDir, 'link')
      },
    ],
    [
      'behind a linked folder',
      async ({ folder, scratchDir }) => {
        await symlink(folder, join(scratchDir, 'folder'))
        return join(scratchDir, 'folder', 'secret')
      },
    ],
    ['that are folders', ({ scratchDir }) => join(scratchDir, 'inner')],
    ['that are not there', ({ scratchDir }) => join(scratchDir, 'nothing')],
    ['with a zero byte in the path', ({ scratchDir }) => `${scratchDir}/made\0`],
  ])('refuses files %s', async (_, place) => {
    const made = await folders()
    const path = await place(made)
    const options = { scratchDir: made.scratchDir, fileName: 'a.zip' }
    const error = { code: 'parse_failed' }
    await expect(checkScratch({ pictures: [pictureAt(path)], members: [] }, options)).rejects.toMatchObject(error)
    await expect(checkScratch({ pictures: [], members: [member(path)] }, options)).rejects.toMatchObject(error)
  })

  test.each(['', '/etc/passwd', '../a', 'a/../../b', 'a/..', 'a\\b', 'a\0b', 'a\nb'])(
    'refuses the name %j',
    async (name) => {
      const { scratchDir } = await folders()
      const members = [member(join(scratchDir, 'made'), name)]
      await expect(checkScratch({ pictures: [], members }, { scratchDir, fileName: 'a.zip' })).rejects.toMatchObject({
        code: 'parse_failed',
      })
    },
  )

  test('refuses more bytes than may be put aside, and counts a file once', async () => {
    const { scratchDir } = await folders()
    const made = join(scratchDir, 'made')
    await link(made, join(scratchDir, 'twin'))
    const options = { scratchDir, fileName: 'a.zip', maxBytes: 9 }
    const twice = { pictures: [pictureAt(made)], members: [member(made)] }
    await expect(checkScratch(twice, options)).resolves.toBeUndefined()
    const members = [member(made), member(join(scratchDir, 'twin'))]
    await expect(checkScratch({ pictures: [], members }, options)).rejects.toMatchObject({ code: 'parse_failed' })
  })
})
