import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InkstoneError } from '../core/errors.js'
import {
  builtInTemplates,
  type TemplateName,
  type TemplateProblem,
  type Templates,
  templateProblems,
} from './templates.js'

/** A template that is in use: where it comes from, and what is wrong with it. */
export interface TemplateSource {
  name: TemplateName
  text: string
  /** Null: the built-in one. */
  path: string | null
  problems: TemplateProblem[]
}

/**
 * All templates, each from its file in the folder where there is one, else built in.
 * @throws InkstoneError `invalid_configuration` when the folder cannot be read, or holds a template of an unknown name
 */
export async function findTemplates(folder: string | undefined): Promise<TemplateSource[]> {
  const files = folder === undefined ? [] : await templateFiles(folder)
  return Promise.all(
    templateNames.map(async (name) => {
      const file = `${name}.md`
      if (folder === undefined || !files.includes(file)) {
        return { name, text: builtInTemplates[name], path: null, problems: [] }
      }
      const path = join(folder, file)
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        throw unreadable(path, error)
      })
      return { name, text, path, problems: templateProblems(text) }
    }),
  )
}

/**
 * The templates to write prompts with.
 * @throws InkstoneError `invalid_configuration` that names each file and line with what to do
 */
export async function readTemplates(folder: string | undefined): Promise<Templates> {
  const found = await findTemplates(folder)
  const wrong = found.flatMap(({ path, problems }) => problems.map((problem) => problemLine(path, problem)))
  if (wrong.length > 0) {
    throw new InkstoneError('invalid_configuration', wrong.join('\n'), {
      remedy: '"inkstone prompts show NAME --built-in" prints a text that works, "inkstone prompts check" checks yours',
    })
  }
  return Object.assign({}, builtInTemplates, ...found.map(({ name, text }) => ({ [name]: text })))
}

/** Such as `prompts/answer.zh.md:7: {{glossary}} is missing: put {{glossary}} on a line of its own, …`. */
export function problemLine(path: string | null, { line, message, remedy }: TemplateProblem): string {
  return `${path ?? 'built in'}:${line}: ${message}: ${remedy}`
}

export const templateNames = Object.keys(builtInTemplates).filter(isTemplateName)

export function isTemplateName(name: string): name is TemplateName {
  return name in builtInTemplates
}

async function templateFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error)
  })
  const strange = files.find(
    (file) => /^[^.]+\.[a-z]{2}\.md$/i.test(file) && !isTemplateName(file.replace(/\.md$/, '')),
  )
  if (strange === undefined) return files
  throw new InkstoneError('invalid_configuration', `${join(folder, strange)} is not the name of a template`, {
    remedy: `rename it to one of ${templateNames.map((name) => `${name}.md`).join(', ')}, or move it away`,
  })
}

function unreadable(path: string, cause: unknown): InkstoneError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new InkstoneError('invalid_configuration', `promptsDir: ${path} cannot be read: ${reason}`, {
    remedy: 'correct INKSTONE_PROMPTS_DIR, or take it away for the built-in texts',
    cause,
  })
}
