import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync('web/styles/tokens.css', 'utf8')
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')

function colour(scheme: string, name: string): [number, number, number] {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(scheme)?.[1]
  if (hex === undefined) throw new Error(`there is no colour --${name}`)
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255
  return [channel(0), channel(2), channel(4)]
}

/** Relative luminance by WCAG 2.2. */
function luminance(rgb: [number, number, number]): number {
  const [red, green, blue] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

function contrast(scheme: string, text: string, surface: string): number {
  const [one, other] = [luminance(colour(scheme, text)), luminance(colour(scheme, surface))]
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

const pairs = [
  ...['paper', 'surface', 'sunken'].flatMap((surface) =>
    ['ink', 'quiet', 'accent', 'bad'].map((text) => [text, surface]),
  ),
  ['ink', 'accent-wash'],
  ['accent', 'accent-wash'],
  ['accent-ink', 'accent'],
  ['doubtful', 'surface'],
  ['good', 'surface'],
  ['good', 'good-wash'],
  ['doubtful', 'doubtful-wash'],
  ['bad', 'bad-wash'],
  ['ink', 'bad-wash'],
  ['mark-ink', 'mark'],
] as const

describe('colours', () => {
  test.each([
    ['light', light],
    ['dark', dark],
  ])('of the %s scheme keep a contrast of 4.5 to 1 wherever text stands on them', (_, scheme) => {
    const tooFaint = pairs.filter(([text = '', surface = '']) => contrast(scheme, text, surface) < 4.5)
    expect(tooFaint).toEqual([])
  })
})
