/**
 * The methods under which a path is known, in the order of the Allow header; empty when the path is not known at all.
 * @param routes method and path template such as `/v1/documents/{doc}`
 */
export function allowedMethods(path: string, routes: readonly { method: string; path: string }[]): string[] {
  const methods = new Set<string>()
  for (const route of routes) {
    if (!templatePattern(route.path).test(path)) continue
    methods.add(route.method.toUpperCase())
    if (route.method.toUpperCase() === 'GET') methods.add('HEAD')
  }
  return [...methods].sort()
}

function templatePattern(template: string): RegExp {
  const parts = template
    .split('/')
    .map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${parts.join('/')}$`)
}
