import { isLoopbackHost } from '../core/loopback.js'

/** The host of a Host header without its port, in lower case; null when it is not one. */
export function hostOf(header: string): string | null {
  const match = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(header)
  return match?.groups?.host?.toLowerCase() ?? null
}

/**
 * Decides under which names the server answers. A page that points its own name at this machine (DNS rebinding)
 * arrives with that name in Host, so only known names pass. A server bound to one address beyond loopback answers to
 * `allowedHosts` and that address; one bound to all addresses (`0.0.0.0`, `::`) to the loopback names as well.
 */
export function hostPolicy({ boundHost, allowedHosts }: { boundHost: string; allowedHosts: readonly string[] }) {
  const isWildcard = boundHost === '0.0.0.0' || boundHost === '::'
  const acceptsLoopback = isLoopbackHost(boundHost) || isWildcard
  const names = new Set([boundHost, ...allowedHosts].map(withBrackets))
  return (hostHeader: string): boolean => {
    const host = hostOf(hostHeader)
    return host !== null && (names.has(host) || (acceptsLoopback && isLoopbackHost(host)))
  }
}

/** Whether an Origin header names the same host and port as the Host header. An opaque origin (`null`) does not. */
export function isSameOrigin(origin: string, hostHeader: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  const own = `${protocol}//${hostHeader}`
  return URL.canParse(own) && new URL(own).host === host
}

function withBrackets(host: string): string {
  const isBareIpv6 = host.includes(':') && !host.startsWith('[')
  return (isBareIpv6 ? `[${host}]` : host).toLowerCase()
}
