import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/**
 * Does what a simple `curl` command line does and returns the body, so that a machine without curl can prove one too.
 * @param words the command line from `curl` on; knows -s, -H, -d and -F name=@file
 */
export async function curl(words: readonly string[]): Promise<string> {
  const headers = new Headers()
  let url = ''
  let body: string | FormData | undefined
  const rest = words.slice(1)
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-H') {
      const [name = '', ...value] = (rest.shift() ?? '').split(':')
      headers.set(name, value.join(':').trim())
    } else if (word === '-d') body = rest.shift() ?? ''
    else if (word === '-F') body = await formOf(rest.shift() ?? '')
    else if (!word.startsWith('-')) url = word
    else if (word !== '-s') throw new Error(`curl ${word} is not known here`)
  }
  const response = await fetch(url, { headers, ...(body === undefined ? {} : { method: 'POST', body }) })
  return response.text()
}

async function formOf(field: string): Promise<FormData> {
  const [name = '', path = ''] = field.split('=@')
  const form = new FormData()
  form.append(name, new Blob([await readFile(path)]), basename(path))
  return form
}
