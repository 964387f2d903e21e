/** One line of `inkstone doctor`. `fail`: something is broken; `warn`: it works, but the reader should know. */
export interface Check {
  name: string
  status: 'ok' | 'warn' | 'fail'
  message: string
  remedy?: string
}

/** Runs a check that may throw: what is thrown becomes a failed check. */
export async function checkOrFail(name: string, run: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await run()
  } catch (error) {
    const remedy = error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null
    const message = error instanceof Error ? error.message : String(error)
    return [{ name, status: 'fail', message, ...(remedy === null ? {} : { remedy }) }]
  }
}
