import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import { isLoopbackHost } from '../core/loopback.js'
import { findProgram, isProgram } from './programs.js'
import { type Config, environmentName, type SettingName, settingNames, settings } from './settings.js'

export interface ConfigSources {
  /** Settings given as flags; undefined ones do not count. */
  flags?: { [name in SettingName]?: unknown }
  environment?: Record<string, string | undefined>
  /** Folder in which `inkstone.config.json` is looked for and relative paths of flags and environment start. */
  cwd?: string
  /** Folder of the program itself. */
  packageRoot: string
}

type Origin = { label: string; value: unknown }

/**
 * The configuration: defaults < `inkstone.config.json` < environment < flags. The file is looked for in `cwd`, or
 * where `INKSTONE_CONFIG` points.
 * @throws InkstoneError `invalid_configuration` that names every problem, where it comes from and what is expected
 */
export function loadConfig({
  flags = {},
  environment = process.env,
  cwd = process.cwd(),
  packageRoot,
}: ConfigSources): Config {
  const problems: string[] = []
  const origins = new Map<SettingName, Origin>()
  readFile(environment, cwd, origins, problems)
  readEnvironment(environment, origins, problems)
  for (const name of settingNames) {
    if (flags[name] !== undefined) origins.set(name, { label: `flag for ${name}`, value: flags[name] })
  }
  const given = Object.fromEntries([...origins].map(([name, origin]) => [name, origin.value]))
  const home = resolve(cwd, typeof given.home === 'string' && given.home !== '' ? given.home : defaultHome(packageRoot))
  const modelsDir = typeof given.modelsDir === 'string' ? resolve(cwd, given.modelsDir) : join(home, 'models')
  const llmModelPath = typeof given.llmModelPath === 'string' ? resolve(cwd, given.llmModelPath) : given.llmModelPath
  const promptsDir = typeof given.promptsDir === 'string' ? resolve(cwd, given.promptsDir) : given.promptsDir
  const sofficePath = given.sofficePath ?? findProgram('soffice', environment.PATH)
  const parsed = settings.safeParse({ ...given, home, modelsDir, llmModelPath, promptsDir, sofficePath })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(describeIssue(issue, origins))
  } else {
    problems.push(...contradictions(parsed.data))
  }
  if (problems.length > 0 || !parsed.success) {
    throw new InkstoneError('invalid_configuration', problems.join('\n'), {
      remedy: 'mend the settings named above; docs/configuration.md lists every setting',
    })
  }
  return parsed.data
}

/** In a checkout `data/` beside the program; for an installed program `~/.inkstone`. */
function defaultHome(packageRoot: string): string {
  const isInstalled = packageRoot.split(/[\\/]/).includes('node_modules')
  return isInstalled ? join(homedir(), '.inkstone') : join(packageRoot, 'data')
}

function readFile(
  environment: Record<string, string | undefined>,
  cwd: string,
  origins: Map<SettingName, Origin>,
  problems: string[],
): void {
  const named = environment.INKSTONE_CONFIG
  const path = resolve(cwd, named ?? 'inkstone.config.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (named !== undefined) problems.push(`INKSTONE_CONFIG: cannot read ${path} (${String(error)})`)
    return
  }
  try {
    const content = z.record(z.string(), z.unknown()).parse(JSON.parse(text))
    for (const [name, value] of Object.entries(content)) {
      if (isSetting(name)) origins.set(name, { label: `${name} in ${path}`, value })
      else problems.push(`${path}: unknown setting "${name}"${suggestion(name, settingNames)}`)
    }
  } catch (error) {
    problems.push(`${path}: not a JSON object (${error instanceof Error ? error.message : String(error)})`)
  }
}

function readEnvironment(
  environment: Record<string, string | undefined>,
  origins: Map<SettingName, Origin>,
  problems: string[],
): void {
  const known = new Map(settingNames.map((name) => [environmentName(name), name]))
  if (environment.HF_ENDPOINT) origins.set('hubUrl', { label: 'HF_ENDPOINT', value: environment.HF_ENDPOINT })
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('INKSTONE_') || variable === 'INKSTONE_CONFIG' || value === undefined) continue
    const name = known.get(variable)
    if (name === undefined) problems.push(`unknown variable ${variable}${suggestion(variable, [...known.keys()])}`)
    else if (value !== '') origins.set(name, { label: variable, value })
  }
}

function isSetting(name: string): name is SettingName {
  return (settingNames as string[]).includes(name)
}

function describeIssue(issue: z.core.$ZodIssue, origins: Map<SettingName, Origin>): string {
  const name = String(issue.path[0] ?? '')
  const label = (isSetting(name) && origins.get(name)?.label) || name
  return `${label}: ${issue.message}`
}

function contradictions(config: Config): string[] {
  const problems: string[] = []
  if (!isLoopbackHost(config.host) && config.apiKey === undefined) {
    problems.push(`host ${config.host} can be reached from other machines, so apiKey (INKSTONE_API_KEY) must be set`)
  }
  if (config.sofficePath !== undefined && !isProgram(config.sofficePath)) {
    problems.push(`sofficePath: there is no program at ${config.sofficePath}`)
  }
  if (config.llmModelPath !== undefined && config.llmBaseUrl !== undefined) {
    problems.push('llmModelPath and llmBaseUrl name two language models: give one')
  }
  if (config.llmProtocol === 'replicate' && (config.llmBaseUrl === undefined || config.llmModel === undefined)) {
    problems.push('llmProtocol replicate needs llmBaseUrl (https://api.replicate.com/v1) and llmModel (owner/name)')
  }
  if (config.llmMaxTokens >= config.llmContextTokens) {
    problems.push('llmMaxTokens must be below llmContextTokens, so that there is room for passages')
  }
  if (config.chunkOverlapTokens * 2 > config.chunkTokens) {
    problems.push('chunkOverlapTokens must be at most half of chunkTokens')
  }
  return problems
}

/** The nearest known name, when it is near enough to be a slip. */
function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= 3 ? ` (did you mean ${nearest.candidate}?)` : ''
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
