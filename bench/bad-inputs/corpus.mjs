import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { archives } from './archives.mjs'
import { baseFiles } from './base-files.mjs'
import { damagedFiles } from './damaged.mjs'
import { mails } from './mails.mjs'
import { office } from './office.mjs'
import { pdfs } from './pdfs.mjs'
import { pictures } from './pictures.mjs'
import { texts } from './texts.mjs'

/**
 * Writes the bad files into a folder, one at a time, always the same for the same seed.
 * @returns the paths of the regular files, relative to the folder
 */
export async function writeCorpus(folder, { seed = 1, only = () => true } = {}) {
  const written = []
  const bases = await baseFiles()
  for (const source of [
    damagedFiles(bases, seed),
    archives(),
    pdfs(),
    office(),
    texts(),
    mails(),
    pictures(),
    oddNames(),
  ]) {
    for (const [name, bytes] of source) {
      if (!only(name)) continue
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
      written.push(name)
    }
  }
  return written
}

const text = Buffer.from('A file with an odd name. 名字很怪的文件。')

/** Names in odd scripts, names of 255 bytes, names that look like options, paths or commands. */
function* oddNames() {
  const names = [
    '水泵手册（最终版）.txt',
    'مضخة.txt',
    'насос.txt',
    '펌프.txt',
    'ポンプ.txt',
    'e\u0301t\u00e9.txt',
    '😀🏳️‍🌈.txt',
    '-rf.txt',
    '--help',
    ' leading and trailing .txt ',
    'quote\'s "and" `ticks` $HOME.txt',
    'percent%20%00%2e%2e%2f.txt',
    'question?#fragment&a=b.txt',
    'new\nline.txt',
    'tab\there.txt',
    '\u202egpj.txt',
    '...txt',
    'a!b!/c.txt'.replace('/', '_'),
    'semi;colon|pipe>file.txt',
    `${'n'.repeat(251)}.txt`,
    `${'长'.repeat(83)}.txt`,
    'CON.txt',
    'name.PDF.txt',
    'no-ending',
  ]
  for (const name of names) yield [`names/${name}`, Buffer.concat([text, Buffer.from(name)])]
  yield [`paths/${'deep/'.repeat(120)}file.txt`, text]
}

/** Links in circles, links out, pipes and files that may not be read: what a folder holds beside files. */
export async function writeOddEntries(folder) {
  const odd = join(folder, 'odd')
  await mkdir(join(odd, 'inner'), { recursive: true })
  await symlink('..', join(odd, 'inner', 'up'))
  await symlink('.', join(odd, 'here'))
  await symlink('b', join(odd, 'a'))
  await symlink('a', join(odd, 'b'))
  await symlink('nowhere', join(odd, 'dangling.txt'))
  await symlink('/dev/zero', join(odd, 'endless.txt'))
  await symlink('/proc/self/mem', join(odd, 'memory.txt'))
  await writeFile(join(odd, 'unreadable.txt'), 'closed')
  await chmod(join(odd, 'unreadable.txt'), 0)
  try {
    execFileSync('mkfifo', [join(odd, 'pipe.txt')])
  } catch {
    // No pipes on this system.
  }
}
