import { paragraphStyle, type RtfState, takeText } from './rtf-state.js'

function endParagraph(reader: RtfState): void {
  takeText(reader)
  reader.flow.endParagraph(paragraphStyle(reader))
}

function useFont(reader: RtfState, font: number): void {
  const codePage = reader.fonts.codePage(font) ?? reader.ansiCodePage
  reader.group.codePage = codePage
}

/** Words take effect at their place: the text before them is handed on first where it matters. */
type WordEffect = (reader: RtfState, value: number | null) => void

const put =
  (text: string): WordEffect =>
  (reader) => {
    for (const unit of text) reader.decoder.unicode(unit.charCodeAt(0))
  }

const codePageIs =
  (codePage: number | null): WordEffect =>
  (reader, value) => {
    reader.ansiCodePage = codePage ?? value ?? 1252
    reader.group.codePage = reader.ansiCodePage
  }

/** What control words do to the text behind them. */
export const rtfWords: ReadonlyMap<string, WordEffect> = new Map<string, WordEffect>(
  Object.entries<WordEffect>({
    ansicpg: codePageIs(null),
    mac: codePageIs(10000),
    pc: codePageIs(437),
    pca: codePageIs(850),
    deff: (reader, value) => {
      reader.defaultFont = value ?? 0
    },
    f: (reader, value) => useFont(reader, value ?? 0),
    plain: (reader) => {
      takeText(reader)
      useFont(reader, reader.defaultFont)
      reader.group.isHidden = false
    },
    uc: (reader, value) => {
      reader.group.standIns = Math.max(0, Math.min(value ?? 1, 100))
    },
    u: (reader, value) => {
      reader.decoder.unicode(value ?? 0)
      reader.toSkip = reader.group.standIns
    },
    v: (reader, value) => {
      takeText(reader)
      reader.group.isHidden = value !== 0
    },
    deleted: (reader, value) => {
      takeText(reader)
      reader.group.isHidden = value !== 0
    },
    pard: ({ group }) => {
      group.isInTable = false
      group.outline = null
      group.style = 0
      group.isListItem = false
      group.listDepth = 0
    },
    s: ({ group }, value) => {
      group.style = value ?? 0
    },
    outlinelevel: ({ group }, value) => {
      group.outline = value ?? 0
    },
    intbl: ({ group }) => {
      group.isInTable = true
    },
    ls: ({ group }, value) => {
      group.isListItem = value !== 0
    },
    ilvl: ({ group }, value) => {
      group.listDepth = Math.max(0, Math.min(value ?? 0, 8))
    },
    par: endParagraph,
    sect: endParagraph,
    page: endParagraph,
    cell: (reader) => {
      takeText(reader)
      reader.flow.endCell()
    },
    nestcell: put(' '),
    nestrow: put('; '),
    row: (reader) => reader.flow.endRow(),
    trowd: (reader) => reader.flow.defineRow(),
    trhdr: (reader) => reader.flow.markHeaderRow(),
    cellx: (reader, value) => reader.flow.defineCell(value ?? 0),
    clvmrg: (reader) => reader.flow.mergeNextCell('above'),
    clmrg: (reader) => reader.flow.mergeNextCell('left'),
    line: put('\n'),
    tab: put('\t'),
    emdash: put('—'),
    endash: put('–'),
    lquote: put('‘'),
    rquote: put('’'),
    ldblquote: put('“'),
    rdblquote: put('”'),
    bullet: put('•'),
    enspace: put(' '),
    emspace: put(' '),
    qmspace: put(' '),
    '~': put('\u00A0'),
    _: put('-'),
  }),
)
