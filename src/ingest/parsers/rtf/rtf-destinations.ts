/**
 * Where the text of a group goes. `beside`: into a flow of its own, such as a text box. `frame`: nowhere, but groups
 * inside may be text. `skip`: nowhere, with all that is inside.
 */
export type RtfDestination =
  | 'body'
  | 'beside'
  | 'footnote'
  | 'frame'
  | 'skip'
  | 'mark'
  | 'fonts'
  | 'styles'
  | 'info'
  | 'title'
  | 'author'
  | 'picture'

const destinations = new Map<string, RtfDestination>(
  Object.entries({
    footnote: 'footnote',
    annotation: 'footnote',
    shptxt: 'beside',
    dptxbxtext: 'beside',
    listtext: 'mark',
    pntext: 'mark',
    fonttbl: 'fonts',
    stylesheet: 'styles',
    info: 'info',
    title: 'title',
    author: 'author',
    pict: 'picture',
    shppict: 'frame',
    shp: 'frame',
    shpgrp: 'frame',
    shpinst: 'frame',
    shprslt: 'skip',
    do: 'frame',
    sp: 'frame',
    sn: 'skip',
    sv: 'frame',
    object: 'frame',
    result: 'body',
    fldrslt: 'body',
  } as const),
)

const skipped = new Set(
  'fldinst colortbl filetbl listtable listoverridetable rsidtbl generator xmlnstbl themedata colorschememapping datastore latentstyles nonshppict nonesttables nesttableprops header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn objdata objclass objname objsect atnid atnauthor atntime atndate atnicn atnref atrfstart atrfend tc tcn xe bkmkstart bkmkend comment operator subject keywords company manager category doccomm hlinkbase creatim revtim printim buptim revtbl falt panose fname pgptbl template private passwordhash writereservation userprops mmathPr blipuid picprop pn pnseclvl background htmltag mhtmltag formfield datafield'.split(
    ' ',
  ),
)

/** The destination that a word at the beginning of a group names; null where it names none. */
export function destinationOf(word: string, { isStarred }: { isStarred: boolean }): RtfDestination | null {
  const known = destinations.get(word)
  if (known !== undefined) return known
  // What a reader does not know and the writer marked, it may leave out.
  return isStarred || skipped.has(word) ? 'skip' : null
}
