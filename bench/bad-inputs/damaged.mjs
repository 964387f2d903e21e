import { random } from './random.mjs'

const magic = {
  pdf: '%PDF-1.7\n',
  png: '\x89PNG\r\n\x1a\n',
  jpg: '\xff\xd8\xff\xe0\0\x10JFIF\0',
  gif: 'GIF89a',
  tiff: 'II*\0',
  webp: 'RIFF\xff\xff\xff\x7fWEBPVP8 ',
  bmp: 'BM',
  zip: 'PK\x03\x04',
  docx: 'PK\x03\x04\x14\0\x06\0\x08\0',
  doc: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  rtf: '{\\rtf1 ',
  gz: '\x1f\x8b\x08\0',
  '7z': '7z\xbc\xaf\x27\x1c',
  rar: 'Rar!\x1a\x07\x01\0',
  mp4: '\0\0\0\x18ftypmp42',
  exe: 'MZ\x90\0',
  html: '<!doctype html>',
  xml: '<?xml version="1.0"?>',
  eml: 'From: a\r\nTo: b\r\nMIME-Version: 1.0\r\nSubject: ',
}

/** Sound files cut off, with bytes changed, under other names; and noise that begins like a format. */
export function* damagedFiles(bases, seed) {
  const dice = random(seed)
  const all = Object.entries(bases)
  for (const [ending, bytes] of all) {
    for (const share of [0.03, 0.35, 0.7, 0.97]) {
      const at = Math.max(1, Math.floor(bytes.length * share) - dice.below(Math.max(1, bytes.length * 0.03)))
      yield [`cut/at-${Math.round(share * 100)}.${ending}`, bytes.subarray(0, at)]
    }
    for (const round of [1, 2]) yield [`changed/round-${round}.${ending}`, changed(bytes, dice)]
    yield [`hole/zeros.${ending}`, withZeros(bytes)]
    yield [`tail/junk.${ending}`, Buffer.concat([bytes, dice.bytes(3000)])]
    const [other] = all[dice.below(all.length)]
    yield [`named/is-${ending.replace('.', '-')}.${other.split('.').at(-1)}`, bytes]
    yield [`named/no-ending-${ending.replace('.', '-')}`, bytes]
  }
  for (const [ending, start] of Object.entries(magic)) {
    yield [`noise/long.${ending}`, Buffer.concat([Buffer.from(start, 'latin1'), dice.bytes(20_000)])]
    yield [`noise/only-the-start.${ending}`, Buffer.from(start, 'latin1')]
    yield [`noise/none-of-it.${ending}`, dice.bytes(500)]
    yield [`tiny/empty.${ending}`, Buffer.alloc(0)]
    yield [`tiny/one-byte.${ending}`, dice.bytes(1)]
  }
}

function changed(bytes, dice) {
  const copy = Buffer.from(bytes)
  for (let count = Math.max(3, Math.floor(copy.length / 500)); count > 0; count--) {
    copy[dice.below(copy.length)] = dice.below(256)
  }
  return copy
}

function withZeros(bytes) {
  const copy = Buffer.from(bytes)
  return copy.fill(0, Math.floor(copy.length * 0.4), Math.floor(copy.length * 0.6))
}
