const parameter = 'conversation'

/** The conversation that an address names; null when it names none. */
export function conversationIn(address: string): string | null {
  return new URL(address).searchParams.get(parameter) || null
}

/** The same address, naming another conversation or none. */
export function withConversation(address: string, id: string | null): string {
  const url = new URL(address)
  if (id === null) url.searchParams.delete(parameter)
  else url.searchParams.set(parameter, id)
  return url.toString()
}
