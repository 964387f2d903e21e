import type { LossList } from './losses.js'

/**
 * Notes an object of another program as lost. What shows it is most often a picture of a kind that cannot be recognised.
 * @param program such as `Excel.Sheet.12`; '' where the file does not say
 */
export function noteEmbeddedObject(
  program: string,
  { losses, page = null }: { losses: LossList; page?: number | null },
): void {
  if (/^Equation\.|MathType/i.test(program)) losses.add('formula', 'formulas of an old equation editor', page)
  else if (program === '') losses.add('object', 'embedded objects', page)
  else losses.add('object', `embedded objects of another program (${program})`, page)
}

/** A picture of drawing commands, which stands for an object: it is not lost a second time. */
export const isDrawingFile = (name: string) => /\.(?:emf|wmf)$/i.test(name)
