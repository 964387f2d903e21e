import type { Loss } from '../../core/types.js'

const nouns: Record<Loss['kind'], { one: string; many: string }> = {
  page: { one: 'page', many: 'pages' },
  image: { one: 'picture', many: 'pictures' },
  formula: { one: 'formula', many: 'formulas' },
  object: { one: 'embedded object', many: 'embedded objects' },
  text: { one: 'piece of text', many: 'pieces of text' },
  member: { one: 'file inside', many: 'files inside' },
}

const lossKinds = ['page', 'image', 'formula', 'object', 'text', 'member'] as const satisfies readonly Loss['kind'][]

/** Such as `2 pages, 1 picture`. */
export function lossCounts(losses: Partial<Record<Loss['kind'], number>>): string {
  return lossKinds
    .map((kind) => ({ kind, count: losses[kind] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => lossCount(kind, count))
    .join(', ')
}

const pagesShown = 12

/** Such as `2 pages (p. 3, 4): the page is damaged`. */
export function lossText({ kind, count, pages, reason }: Loss): string {
  const more = pages.length > pagesShown ? ', …' : ''
  const places = pages.length === 0 ? '' : ` (p. ${pages.slice(0, pagesShown).join(', ')}${more})`
  return `${lossCount(kind, count)}${places}: ${reason}`
}

function lossCount(kind: Loss['kind'], count: number): string {
  return `${count} ${count === 1 ? nouns[kind].one : nouns[kind].many}`
}
