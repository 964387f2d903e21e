import { createReadStream } from 'node:fs'
import type { Catalogue } from '../core/catalogue.js'
import { InkstoneError } from '../core/errors.js'
import type { Job } from '../core/job.js'
import type { Member } from '../core/types.js'
import type { Intake } from './intake.js'
import { type LossList, lossList } from './parsers/losses.js'

/** An archive of thousands must not keep the next person's file waiting, whoever handed it in. */
const priority = 'background'

/** Between the path of a container and the path inside it: `manuals.zip!/pump.pdf`. */
export const memberSeparator = '!/'

export interface MemberLimits {
  /** Containers inside containers are opened so deep. */
  maxDepth?: number
  /** Of everything inside one handed-in file, however deep. */
  maxMembers?: number
  maxBytes?: number
}

interface MemberParts {
  intake: Pick<Intake, 'submit' | 'removeSource'>
  catalogue: Pick<Catalogue, 'listMembers' | 'measureMembers' | 'getPasswords'>
  signal: AbortSignal
}

/**
 * Makes documents of the files inside a file, and removes those that it held before and no longer does. Running it
 * again changes nothing.
 * @returns what was not taken
 * @throws InkstoneError `cancelled`, `storage_full`
 */
export async function acceptMembers(
  job: Job,
  members: readonly Member[],
  { intake, catalogue, signal }: MemberParts,
  { maxDepth = 3, maxMembers = 10_000, maxBytes = 4 * 1024 ** 3 }: MemberLimits = {},
): Promise<LossList['losses']> {
  const { sourceUri, knowledgeBaseId, documentId } = job
  const before = await catalogue.listMembers(documentId)
  const known = new Set(before.map((member) => member.sourceUri))
  const losses = lossList()
  const accepted = new Set<string>()
  const isTooDeep = sourceUri.split(memberSeparator).length > maxDepth
  const [root = sourceUri] = sourceUri.split(memberSeparator)
  const inside = await catalogue.measureMembers(knowledgeBaseId, `${root}${memberSeparator}`)
  const passwords = members.length > 0 ? await catalogue.getPasswords(documentId) : []
  for (const { name, path } of members) {
    signal.throwIfAborted()
    const memberUri = `${sourceUri}${memberSeparator}${name}`
    if (isTooDeep) losses.add('member', `files are taken out of each other ${maxDepth} deep, not deeper`)
    else if (!known.has(memberUri) && (inside.count >= maxMembers || inside.sizeBytes >= maxBytes)) {
      losses.add('member', `no more than ${maxMembers} files and ${maxBytes} bytes are taken out of one file`)
    } else {
      const file = { sourceUri: memberUri, bytes: createReadStream(path), passwords, priority } as const
      try {
        const { document } = await intake.submit(knowledgeBaseId, file, { containerId: documentId, signal })
        accepted.add(memberUri)
        if (known.has(memberUri)) continue
        inside.count += 1
        inside.sizeBytes += document.sizeBytes
      } catch (error) {
        if (!(error instanceof InkstoneError) || error.code !== 'payload_too_large') throw error
        losses.add('member', error.message)
      }
    }
  }
  for (const gone of before) {
    if (!accepted.has(gone.sourceUri)) await intake.removeSource(knowledgeBaseId, gone.sourceUri)
  }
  return losses.losses
}
