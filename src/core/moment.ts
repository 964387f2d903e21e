const isoMoment = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Milliseconds since 1970 of a date or a date with a time (ISO 8601), in UTC unless it names another zone; null for any
 * other text.
 */
export function momentOf(text: string): number | null {
  const [, date, time = '00:00', zone = 'Z'] = isoMoment.exec(text) ?? []
  if (date === undefined) return null
  const moment = Date.parse(`${date}T${time}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(moment) ? null : moment
}
