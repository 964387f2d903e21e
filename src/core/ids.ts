import { ulid } from 'ulid'

type IdPrefix = 'kb' | 'doc' | 'chk' | 'job' | 'ans' | 'cnv' | 'req'

/** A random, time-sortable id such as `doc_01JD…`. It names a thing and never grants access to it. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${ulid()}`
}
