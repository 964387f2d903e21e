import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { environmentName, settingNames, settings } from '../../src/config/settings.js'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
)

describe('docs/configuration.md', () => {
  test('has a heading for each setting and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual([...settingNames].sort())
  })

  test.each(settingNames)('describes %s as the program does, with its variable', (name) => {
    expect(sections.get(name)).toContain(settings.shape[name].description)
    expect(sections.get(name)).toContain(`\`${environmentName(name)}\``)
  })
})
