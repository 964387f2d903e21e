import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Check, checkOrFail } from '../checks/check.js'
import { embeddingModelCheck } from '../checks/embedding-model.js'
import { knowledgeBaseChecks } from '../checks/knowledge-bases.js'
import { languageModelChecks } from '../checks/language-models.js'
import { diskCheck, homeCheck, nodeCheck } from '../checks/machine.js'
import { rerankModelChecks } from '../checks/rerank-model.js'
import { settingsCheck } from '../checks/settings.js'
import type { CliContext } from '../context.js'
import { configOf, connectFor, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import type { Terminal } from '../terminal.js'

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const

/** `inkstone doctor`: what works, what does not and what to do about it. Ends with 1 when something is broken. */
export function doctorCommand(context: CliContext): Command {
  return documentedCommand('doctor', 'Check this machine, the models, the settings and the knowledge bases.', {
    examples: [
      { line: 'inkstone doctor', does: 'also lists language model servers found on this machine, and how to use them' },
    ],
    json: 'one document, {"ok", "checks": [{"name", "status": "ok" | "warn" | "fail", "message", "remedy"?}]}.',
  }).action(async (_options: unknown, command: Command) => {
    const checks = await runChecks(command, context)
    const ok = checks.every((check) => check.status !== 'fail')
    if (!ok) context.setExitCode(1)
    if (wantsJson(command)) context.terminal.printJson({ ok, checks })
    else for (const check of checks) showCheck(check, context.terminal)
  })
}

async function runChecks(command: Command, context: CliContext): Promise<Check[]> {
  const config = configOf(command, context)
  const groups = await Promise.all([
    [nodeCheck(process.versions.node)],
    checkOrFail('home', async () => [await homeCheck(config.home)]),
    checkOrFail('disk', async () => [await diskCheck(config.home)]),
    [settingsCheck(config)],
    checkOrFail('embedding model', async () => [await embeddingModelCheck(config)]),
    checkOrFail('reranking model', () => rerankModelChecks(config)),
    checkOrFail('language model', () => languageModelChecks(config)),
    checkOrFail('knowledge base', () => storedChecks(config.home, { command, context })),
  ])
  return groups.flat()
}

/** Looks at what is stored, through the server when one runs. A home that was never used is left untouched. */
async function storedChecks(home: string, on: { command: Command; context: CliContext }): Promise<Check[]> {
  const name = 'knowledge base'
  if (!(await exists(join(home, 'kb')))) return [{ name, status: 'ok', message: 'there is none yet' }]
  const { service, url } = await connectFor(on.command, on.context)
  try {
    const message = url === null ? 'not running' : `running at ${url}`
    return [{ name: 'server', status: 'ok', message }, ...(await knowledgeBaseChecks(service))]
  } finally {
    await service.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function showCheck({ name, status, message, remedy }: Check, terminal: Terminal): void {
  terminal.print(`${terminal.paint(colours[status], status.padEnd(4))}  ${name}: ${message}`)
  if (remedy !== undefined) terminal.print(`      ${terminal.paint('cyan', 'remedy:')} ${remedy}`)
}
