import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import bundledChromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const installedBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts a headless Chromium: the one at INKSTONE_TEST_BROWSER, else an installed one, else the one that
 * `@sparticuz/chromium` carries. INKSTONE_TEST_BROWSER=bundled asks for the carried one.
 * @throws Error with every reason and the remedy when none starts
 */
export async function launchBrowser(): Promise<Browser> {
  const wanted = process.env.INKSTONE_TEST_BROWSER
  const launchers = wanted === 'bundled' ? [launchBundled] : [...installedLaunchers(wanted), launchBundled]
  const reasons: string[] = []
  for (const launch of launchers) {
    try {
      return await launch()
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(
    `no Chromium could be started. Install one ("apt-get install chromium", or Google Chrome), or set INKSTONE_TEST_BROWSER to the path of one.\n\n${reasons.join('\n\n')}`,
  )
}

function installedLaunchers(wanted: string | undefined): (() => Promise<Browser>)[] {
  const paths = wanted === undefined ? installedBrowsers.filter(isExecutable) : [wanted]
  return paths.map(
    (executablePath) => () => chromium.launch({ executablePath, headless: true, args: quietFlags, env: environment() }),
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A bare Linux lacks NSS: the package brings it, but unpacks it by itself only on the cloud it was made for. */
async function launchBundled(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('the Chromium inside @sparticuz/chromium runs on Linux x64 only')
  }
  const executablePath = await bundledChromium.executablePath()
  const start = (env: Record<string, string>) =>
    chromium.launch({ executablePath, headless: true, args: quietFlags, env })
  try {
    return await start(environment())
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('shared libraries')) throw error
    await inflate(join(packageFolder(), 'bin', 'al2023.tar.br'))
    const carried = join(tmpdir(), 'al2023', 'lib')
    const inherited = process.env.LD_LIBRARY_PATH
    return await start({
      ...environment(),
      LD_LIBRARY_PATH: inherited === undefined ? carried : `${inherited}:${carried}`,
    })
  }
}

function packageFolder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
}

/** Of this process, in a locale in which Chromium names files in any script: a build server may have none. */
function environment(): Record<string, string> {
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(given), LC_ALL: 'C.UTF-8' }
}
