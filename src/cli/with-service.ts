import type { Command } from 'commander'
import type { InkstoneService } from '../core/service.js'
import type { CliContext } from './context.js'
import { connectFor } from './flags.js'

/** Does a command's work on the service of its home, and closes that however the work ends. */
export async function withService(
  context: CliContext,
  command: Command,
  work: (service: InkstoneService) => Promise<void>,
): Promise<void> {
  const { service } = await connectFor(command, context)
  try {
    await work(service)
  } finally {
    await service.close()
  }
}
