import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const pages = ['README.md', ...docs.map((name) => `docs/${name}`)]
const read = (page: string) => readFileSync(join(root, page), 'utf8')

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
}

/** What the page's links lead to, addresses on the web left out. */
function relativeLinks(markdown: string): string[] {
  const targets = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^[a-z]+:/i.test(target))
}

/** The fragment of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
}

describe('the pages of the documentation', () => {
  test('hold links to other files of the project', () => {
    expect(pages.flatMap((page) => relativeLinks(read(page))).length).toBeGreaterThan(5)
  })

  test.each(pages)('%s links only to files and headings that are there', (page) => {
    const broken = relativeLinks(read(page)).filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? join(root, page) : join(root, dirname(page), decodeURI(path))
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  test.each(pages)('%s names only npm scripts that there are', (page) => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    const named = [...read(page).matchAll(/\bnpm (?:run (?<script>[\w:-]+)|(?<short>start|test)\b)/g)]
    const unknown = named
      .map(({ groups }) => groups?.script ?? groups?.short ?? '')
      .filter((name) => !(name in scripts))
    expect(unknown).toEqual([])
  })

  test('are all reached from the README', () => {
    const linked = relativeLinks(read('README.md'))
    expect(docs.map((name) => `docs/${name}`).filter((page) => !linked.includes(page))).toEqual([])
  })
})
