import { describe, expect, test } from 'vitest'
import { pathsBelow } from '../../../src/ingest/sync/paths-below.js'

describe('pathsBelow', () => {
  test('names what leads down to the paths, and leaves the rest to whoever looks', () => {
    const below = pathsBelow(['/docs/b/x.md', '/docs/a', '/docs/b/c/y.md'])
    expect(below.namesIn('/docs')).toEqual(['a', 'b'])
    expect(below.namesIn('/docs/b')).toEqual(['c', 'x.md'])
    expect(below.namesIn('/docs/a')).toBeNull()
    expect(below.namesIn('/docs/a/deep')).toBeNull()
  })

  test('looks at everything in a path that leads to another one, too', () => {
    expect(pathsBelow(['/docs', '/docs/a/x.md']).namesIn('/docs')).toBeNull()
  })
})
