import { z } from 'zod'
import { upkeepStep } from './upkeep-step.js'

/** @property folder the table's own */
export const upkeepRequest = z.strictObject({ folder: z.string(), step: upkeepStep })
export type UpkeepRequest = z.infer<typeof upkeepRequest>

/** What went wrong, in LanceDB's words; null when nothing did. */
export const upkeepReply = z.strictObject({ error: z.string().nullable() })
export type UpkeepReply = z.infer<typeof upkeepReply>
