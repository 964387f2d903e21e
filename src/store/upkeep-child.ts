import { basename, dirname } from 'node:path'
import { connect } from '@lancedb/lancedb'
import { type UpkeepReply, upkeepRequest } from './upkeep-messages.js'
import { takeUpkeepStep } from './upkeep-step.js'

// Whoever asked is gone, and another one may have opened the table: nothing more may be written to it.
const end = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', end)
// It may have gone while this module was loaded.
if (!process.connected) end()
// Ctrl-C goes to all processes of a terminal. The one that asked waits for the end of what it has begun.
process.on('SIGINT', () => undefined)

process.once('message', async (message) => {
  const reply: UpkeepReply = { error: null }
  try {
    const { folder, step } = upkeepRequest.parse(message)
    const connection = await connect(dirname(folder))
    const table = await connection.openTable(basename(folder, '.lance'))
    await takeUpkeepStep(table, step)
  } catch (thrown) {
    reply.error = thrown instanceof Error ? thrown.message : String(thrown)
  }
  process.send?.(reply)
})
