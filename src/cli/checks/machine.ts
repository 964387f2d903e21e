import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytesText } from '../render/quantity.js'
import type { Check } from './check.js'

const oldestNode = { major: 20, minor: 19 }
const lowDiskBytes = 2e9
const fullDiskBytes = 200e6

/** @param version such as `20.19.3` */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < oldestNode.major || (major === oldestNode.major && minor < oldestNode.minor)
  if (!isOld) return { name: 'node', status: 'ok', message: `Node ${version}` }
  const oldest = `${oldestNode.major}.${oldestNode.minor}`
  return {
    name: 'node',
    status: 'fail',
    message: `Node ${version} is older than ${oldest}`,
    remedy: `install Node ${oldest} or newer`,
  }
}

/** Whether the home, or the folder it would be made in, can be written. */
export async function homeCheck(home: string): Promise<Check> {
  const folder = await nearestFolder(home)
  const made = folder === home ? '' : ' (made at the first use)'
  try {
    await access(folder, constants.R_OK | constants.W_OK)
    return { name: 'home', status: 'ok', message: `${home}${made}` }
  } catch {
    return {
      name: 'home',
      status: 'fail',
      message: `${folder} cannot be written`,
      remedy: 'give this user the right to write there, or choose another folder with --home or INKSTONE_HOME',
    }
  }
}

export async function diskCheck(home: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearestFolder(home))
  const freeBytes = bavail * bsize
  const message = `${bytesText(freeBytes)} free`
  if (freeBytes >= lowDiskBytes) return { name: 'disk', status: 'ok', message }
  const status = freeBytes < fullDiskBytes ? 'fail' : 'warn'
  return {
    name: 'disk',
    status,
    message,
    remedy: 'free some space, or move the home to a larger disk with INKSTONE_HOME',
  }
}

async function nearestFolder(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch {
    return dirname(path) === path ? path : nearestFolder(dirname(path))
  }
}
