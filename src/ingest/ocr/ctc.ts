/** What the reading network says: for each step along the line, how likely each sign is; sign 0 stands for none. */
export interface SignChances {
  steps: number
  signs: number
  chances: Float32Array
}

export interface ReadLine {
  text: string
  /** Mean over the characters, 0 to 1; 0 without any. */
  confidence: number
  /** Where each character of `text` (by code point) stands: the middle of its steps, as a share of the line's width. */
  places: number[]
}

/**
 * Reads off the likeliest sign of each step; repetitions are one character, and what is none parts two of the same
 * (connectionist temporal classification: Graves et al., 2006).
 * @param alphabet the character of each sign but the first
 */
export function decodeSigns({ steps, signs, chances }: SignChances, alphabet: readonly string[]): ReadLine {
  const characters: { character: string; chance: number; from: number; to: number }[] = []
  let previous = 0
  for (let step = 0; step < steps; step += 1) {
    const sign = likeliest(chances, { from: step * signs, signs })
    const chance = chances[step * signs + sign] ?? 0
    const last = characters.at(-1)
    if (sign !== 0 && sign === previous && last !== undefined) {
      last.to = step + 1
      last.chance = Math.max(last.chance, chance)
    } else if (sign !== 0) {
      characters.push({ character: alphabet[sign - 1] ?? '', chance, from: step, to: step + 1 })
    }
    previous = sign
  }
  const sum = characters.reduce((total, { chance }) => total + chance, 0)
  return {
    text: characters.map(({ character }) => character).join(''),
    confidence: characters.length === 0 ? 0 : sum / characters.length,
    places: characters.map(({ from, to }) => (from + to) / 2 / steps),
  }
}

function likeliest(chances: Float32Array, { from, signs }: { from: number; signs: number }): number {
  let best = 0
  let highest = chances[from] ?? 0
  for (let sign = 1; sign < signs; sign += 1) {
    const chance = chances[from + sign] ?? 0
    if (chance > highest) {
      highest = chance
      best = sign
    }
  }
  return best
}
