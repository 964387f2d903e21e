import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import type { CliContext } from '../../src/cli/context.js'
import { createProgram } from '../../src/cli/program.js'
import { terminal } from '../../src/cli/terminal.js'
import { loadConfig } from '../../src/config/load.js'
import { commandBlocks, commandWords } from './command-lines.js'

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')
const sections = new Map(
  page
    .split(/^#{2,3} (?=inkstone)/m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
)

const context: CliContext = {
  terminal: terminal(process),
  packageRoot: '/nowhere',
  version: '0.0.0',
  cwd: '/nowhere',
  environment: {},
  signal: new AbortController().signal,
  loadConfig: (flags) => loadConfig({ flags, environment: {}, packageRoot: '/nowhere' }),
  connect: () => Promise.reject(new Error('no command runs here')),
  setExitCode() {},
}

/** Every command with the words that call it. */
function named(command: Command, before: readonly string[] = []): [string, Command][] {
  const words = [...before, command.name()]
  return [[words.join(' '), command], ...command.commands.flatMap((inner) => named(inner, words))]
}

const commands = named(createProgram(context))
/** Those that do something themselves: `eval` does, beside its sub-command. */
const leaves = commands.filter(([name, command]) => command.commands.length === 0 || name === 'inkstone eval')

/** Flags and descriptions of the section's list items. */
function describedOptions(section: string): string[] {
  return [...section.matchAll(/^- `(.+?)`: (.+)$/gm)].map(([, flags, description]) => `${flags}: ${description}`)
}

function knownOptions(command: Command): string[] {
  const help = command.createHelp()
  const isRoot = command.parent === null
  return help
    .visibleOptions(command)
    .filter((option) => isRoot || option.long !== '--help')
    .map((option) => `${option.flags}: ${help.optionDescription(option)}`)
}

describe('docs/cli.md', () => {
  test('has a heading for each command and for nothing else', () => {
    expect(commands.length).toBeGreaterThan(10)
    expect([...sections.keys()].sort()).toEqual(commands.map(([name]) => name).sort())
  })

  test.each(commands)('shows the synopsis of %s as the program does', (name, command) => {
    const usage = command.createHelp().commandUsage(command)
    expect(commandBlocks(sections.get(name) ?? '')[0]).toEqual([usage])
  })

  test.each(commands)('describes the options of %s as the program does, and no others', (name, command) => {
    expect(describedOptions(sections.get(name) ?? '').sort()).toEqual(knownOptions(command).sort())
  })

  test.each(commands.slice(1))('says what %s is for in the words of its help', (name, command) => {
    expect(sections.get(name)).toContain(`\n${command.description()}\n`)
  })

  test.each(leaves)('gives exit codes, JSON and an example of %s that the program understands', (name) => {
    const section = sections.get(name) ?? ''
    expect(section).toMatch(/^Exit codes: 0/m)
    expect(section).toMatch(/^JSON: one document/m)
    const examples = commandBlocks(section).slice(1).flat()
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(example.startsWith(name)).toBe(true)
      const words = commandWords(example).slice(name.split(' ').length)
      const [, parsed] = commands.find(([other]) => other === name) ?? []
      const { unknown, operands } = parsed?.parseOptions(words) ?? { unknown: [name], operands: [] }
      expect({ example, unknown: unknown.filter((word) => word !== '--json') }).toEqual({ example, unknown: [] })
      const required = parsed?.registeredArguments.filter((argument) => argument.required) ?? []
      expect(operands.length).toBeGreaterThanOrEqual(required.length)
    }
  })
})
