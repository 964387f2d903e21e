import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** Settings of npm by their npm names, such as `registry`, `@acme:registry` or `//host/:_authToken`. */
export type NpmSettings = Readonly<Record<string, string | readonly string[]>>

/**
 * Reads npm's settings as npm does: `npm_config_*` of the environment before `.npmrc` of the project before that of
 * the user before that of the machine. Not read: `npm --flags` that npm has not put into the environment, and the
 * `npmrc` inside npm's own installation.
 * @param options.projectDir folder whose `.npmrc` counts as the project's
 */
export async function readNpmSettings({
  projectDir,
  env,
}: {
  projectDir: string
  env: Environment
}): Promise<NpmSettings> {
  const fromEnvironment = environmentSettings(env)
  const home = env.HOME ?? env.USERPROFILE ?? homedir()
  const files = [
    settingText(fromEnvironment.globalconfig) ?? join(globalPrefix(fromEnvironment), 'etc', 'npmrc'),
    settingText(fromEnvironment.userconfig) ?? join(home, '.npmrc'),
    join(projectDir, '.npmrc'),
  ]
  const layers = await Promise.all(files.map(async (file) => parseNpmrc(await readIfThere(file), env)))
  return Object.assign({}, ...layers, fromEnvironment)
}

/** Options for pacote and npm-registry-fetch that mean the same as the settings. */
export async function registryOptions(settings: NpmSettings): Promise<Record<string, unknown>> {
  const text = (name: string) => settingText(settings[name])
  const cafile = text('cafile')
  const cache = text('cache')
  const options: Record<string, unknown> = {
    registry: text('registry'),
    ca: cafile === undefined ? settings.ca : certificates(await readIfThere(resolve(cafile))),
    cert: text('cert'),
    key: text('key'),
    cache: cache === undefined ? undefined : join(resolve(cache), '_cacache'),
    httpsProxy: text('https-proxy'),
    proxy: text('proxy'),
    noProxy: text('noproxy'),
    localAddress: text('local-address'),
    replaceRegistryHost: text('replace-registry-host'),
    strictSSL: text('strict-ssl') === undefined ? undefined : text('strict-ssl') !== 'false',
    preferOffline: text('prefer-offline') === 'true' || undefined,
    offline: text('offline') === 'true' || undefined,
    timeout: integer(text('fetch-timeout')),
    fetchRetries: integer(text('fetch-retries')) ?? 2,
  }
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith('//') || name.startsWith('@')) options[name] = value
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Reads the ini dialect of `.npmrc`: `key = value`, `key[] = value`, comments, quotes, and `${VARIABLE}`. */
export function parseNpmrc(content: string, env: Environment): NpmSettings {
  const settings: Record<string, string | string[]> = {}
  for (const line of content.split(/\r?\n/)) {
    if (/^\s*([;#[]|$)/.test(line)) continue
    const equals = line.indexOf('=')
    const name = expand((equals < 0 ? line : line.slice(0, equals)).trim(), env)
    const value = expand(unquote(equals < 0 ? 'true' : line.slice(equals + 1).trim()), env)
    if (name.endsWith('[]')) {
      const list = name.slice(0, -2)
      settings[list] = [...[settings[list] ?? []].flat(), value]
    } else {
      settings[name] = value
    }
  }
  return settings
}

function environmentSettings(env: Environment): NpmSettings {
  const settings: Record<string, string> = {}
  for (const [variable, value] of Object.entries(env)) {
    if (!/^npm_config_/i.test(variable) || !value) continue
    const name = variable.slice('npm_config_'.length)
    settings[name.startsWith('//') ? name : name.replace(/(?!^)_/g, '-').toLowerCase()] = value
  }
  return settings
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value)
  if (quoted) return quoted[2] ?? ''
  return value
    .replace(/(?<!\\)[;#].*$/, '')
    .replace(/\\([;#\\])/g, '$1')
    .trim()
}

/** As npm: a variable that is not set stays as written, unless it is `${VARIABLE?}`, which becomes nothing. */
function expand(value: string, env: Environment): string {
  return value.replace(/(?<!\\)\$\{([^${}?]+)(\?)?\}/g, (written, variable: string, optional?: string) => {
    return env[variable] ?? (optional === undefined ? written : '')
  })
}

function settingText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined
}

function integer(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}

function globalPrefix(settings: NpmSettings): string {
  return settingText(settings.prefix) ?? dirname(dirname(process.execPath))
}

function certificates(pem: string): string[] {
  return pem.split(/(?<=-----END CERTIFICATE-----)/).flatMap((part) => (part.trim() === '' ? [] : [part.trimStart()]))
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return ''
    throw error
  }
}
