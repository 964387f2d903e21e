const MiB = 1024 * 1024
const nest = (open, inner, close, depth) => `${open.repeat(depth)}${inner}${close.repeat(depth)}`

/** Texts, pages and tables that are long, deep or written wrong. */
export function* texts() {
  for (const [name, content] of [...plain(), ...pages(), ...markdown(), ...tables(), ...richText(), ...data()]) {
    yield [name, Buffer.from(content)]
  }
}

function* plain() {
  yield ['txt/one-line.txt', '一条很长的行 a very long line '.repeat(15_000)]
  yield ['txt/one-word.txt', 'x'.repeat(MiB / 4)]
  yield ['txt/short-lines.txt', 'a\n'.repeat(50_000)]
  yield ['txt/short-paragraphs.txt', 'a\n\n'.repeat(700_000)]
  yield ['txt/blank-lines.txt', '\n'.repeat(8 * MiB)]
  yield ['txt/spaces.txt', `${' '.repeat(8 * MiB)}end`]
  yield ['txt/zeros.txt', Buffer.alloc(MiB)]
  yield ['txt/zeros-inside.txt', 'before\0\0\0after \0'.repeat(2_000)]
  yield ['txt/control.txt', Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 32))]
  yield ['txt/headings-only.txt', Array.from({ length: 5_000 }, (_, index) => `第${index}章 标题`).join('\n')]
  yield ['txt/numbers-deep.txt', `${'1.'.repeat(20_000)} heading\n\ntext`]
  yield ['txt/surrogates.txt', Buffer.from('\ufeff\ud83d\ud83d\ude00\ude00 text', 'utf16le')]
  yield ['txt/utf16-odd.txt', Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x62])]
  yield ['txt/utf32.txt', Buffer.from([0xff, 0xfe, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x61, 0, 0, 0])]
  yield ['txt/mark-only.txt', Buffer.from([0xef, 0xbb, 0xbf])]
  yield ['txt/overlong.txt', Buffer.from(Array.from({ length: 30_000 }, (_, index) => [0xc0, 0x80, 0xe0][index % 3]))]
  yield ['txt/gbk-cut.txt', Buffer.from('d6d0cec4cec4b1bed6d0cec4ce'.repeat(500).slice(0, -1).concat('0'), 'hex')]
  yield ['txt/marks-combined.txt', `a${'\u0301'.repeat(50_000)}`]
  yield ['txt/bidi.txt', '\u202e\u2066\u2067'.repeat(10_000)]
  yield ['txt/high-bytes.txt', Buffer.alloc(50_000, 0xff)]
}

function* pages() {
  const page = (body) => `<!doctype html><html><body>${body}</body></html>`
  yield ['html/deep.html', page(nest('<div>', 'deep', '</div>', 300_000))]
  yield ['html/never-closed.html', page('<b><i><a>text'.repeat(30_000))]
  yield ['html/misnested.html', page('<b><p><i></b></p></i>'.repeat(5_000))]
  yield ['html/tables-deep.html', page(nest('<table><tr><td>', 'deep', '</td></tr></table>', 3_000))]
  yield ['html/lists-deep.html', page(nest('<ul><li>', 'deep', '</li></ul>', 20_000))]
  yield ['html/quotes-deep.html', page(nest('<blockquote>', 'deep', '</blockquote>', 50_000))]
  yield [
    'html/span-of-a-billion.html',
    page('<table><tr><td colspan=1000000000 rowspan=1000000000>x</td><td>y</td></tr></table>'),
  ]
  yield [
    'html/spans-often.html',
    page(`<table>${'<tr><td colspan=1000 rowspan=60000>x</td></tr>'.repeat(500)}</table>`),
  ]
  yield ['html/wide-table.html', page(`<table><tr>${'<td>x</td>'.repeat(20_000)}</tr></table>`)]
  yield ['html/long-table.html', page(`<table>${'<tr><td>a</td><td>b</td></tr>'.repeat(30_000)}</table>`)]
  yield ['html/entities.html', page('&amp;&#0;&#x110000;&notanentity;&#xd800;'.repeat(5_000))]
  yield ['html/comment-never-closed.html', `<!doctype html><!-- ${'- '.repeat(500_000)}`]
  yield ['html/script-never-closed.html', page(`<p>text</p><script>${'x<'.repeat(500_000)}`)]
  yield [
    'html/attributes.html',
    page(`<p ${Array.from({ length: 20_000 }, (_, index) => `a${index}=1`).join(' ')}>x</p>`),
  ]
  yield ['html/long-heading-above-much.html', page(`<h1>${'heading '.repeat(10_000)}</h1>${'<p>x</p>'.repeat(10_000)}`)]
  yield ['html/headings.html', page('<h1>a</h1><h6>b</h6>'.repeat(6_000))]
  yield ['html/svg-inside.html', page(nest('<svg><g>', '<text>t</text>', '</g></svg>', 5_000))]
  yield ['html/templates-deep.html', page(nest('<template>', 'x', '</template>', 20_000))]
  yield ['html/data-picture.html', page(`<img src="data:image/png;base64,${'A'.repeat(4 * MiB)}"><p>text</p>`)]
  yield ['html/nothing-inside.html', page('<nav>menu</nav>')]
  yield ['html/frames.html', '<html><frameset><frame src="file:///etc/passwd"></frameset></html>']
}

function* markdown() {
  yield ['md/quotes-deep.md', `${'>'.repeat(20_000)} deep`]
  yield ['md/lists-deep.md', Array.from({ length: 3_000 }, (_, index) => `${' '.repeat(index * 2)}- item`).join('\n')]
  for (const [label, mark] of [
    ['brackets', '['],
    ['stars', '*'],
    ['underscores', '_ '],
    ['ticks', '`'],
    ['pairs', '**a '],
    ['images', '![]('],
    ['angles', '<'],
    ['entities', '&'],
    ['hashes', '#'],
  ]) {
    yield [`md/${label}.md`, `# Title\n\n${mark.repeat(20_000)}`]
  }
  yield ['md/links-nested.md', `${nest('[', 'x', '](u)', 5_000)}`]
  yield ['md/wide-table.md', `|${' a |'.repeat(5_000)}\n|${' - |'.repeat(5_000)}\n|${' 1 |'.repeat(5_000)}\n`]
  yield ['md/fence-never-closed.md', `\`\`\`\n${'code\n'.repeat(10_000)}`]
  yield [
    'md/front-matter-laughs.md',
    `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`)
      .join('\n')}\n---\ntext`,
  ]
  yield ['md/front-matter-never-closed.md', `---\n${'key: value\n'.repeat(5_000)}`]
  yield [
    'md/front-matter-strange.md',
    '---\n__proto__: {a: 1}\nconstructor: x\n? [complex]\n: !!js/function "x"\n---\n# a\n\ntext',
  ]
  yield [
    'md/references.md',
    `${Array.from({ length: 5_000 }, (_, index) => `[r${index}]: http://example.org/${index}`).join('\n')}\n\n${'[r1] '.repeat(5_000)}`,
  ]
  yield ['md/html-inside.md', `# a\n\n${'<div>\n\n'.repeat(20_000)}`]
}

function* tables() {
  yield [
    'csv/hundred-thousand-columns.csv',
    `${Array.from({ length: 100_000 }, (_, index) => index % 10).join(',')}\n${','.repeat(99_998)}last\n`,
  ]
  yield ['csv/many-wide-rows.csv', `${'a,'.repeat(5_000)}a\n`.repeat(15)]
  yield ['csv/rows.csv', Array.from({ length: 30_000 }, (_, index) => `${index},x`).join('\n')]
  yield ['csv/quote-never-closed.csv', `a,b\n"${'text,more\n'.repeat(20_000)}`]
  yield ['csv/quotes-only.csv', '"'.repeat(100_001)]
  yield ['csv/commas-only.csv', `${','.repeat(3_000)}\n`.repeat(300)]
  yield ['csv/ragged.csv', Array.from({ length: 500 }, (_, index) => 'x,'.repeat(index % 500)).join('\n')]
  yield ['csv/zeros.csv', 'a,b\n\0,\0\n1,2\n'.repeat(1_000)]
  yield ['csv/long-cell.csv', `a,b\n${'zelle '.repeat(30_000)},2\n`]
  yield ['csv/returns.csv', 'a,b\r1,2\r\r\n\n3,4\r'.repeat(10_000)]
  yield ['csv/formulas.csv', `=cmd|'/c calc'!A0,b\n@SUM(1),-1\n`.repeat(100)]
}

function* richText() {
  const rtf = (body) => `{\\rtf1\\ansi ${body}}`
  yield ['rtf/groups-deep.rtf', rtf(nest('{', 'deep', '}', 500_000))]
  yield ['rtf/groups-never-closed.rtf', `{\\rtf1 ${'{\\b text'.repeat(10_000)}`]
  yield ['rtf/closed-too-often.rtf', `{\\rtf1 text${'}'.repeat(100_000)}`]
  yield ['rtf/binary-lies.rtf', rtf('\\bin2000000000 text')]
  yield ['rtf/binary-negative.rtf', rtf('\\bin-5 text')]
  yield ['rtf/numbers.rtf', rtf(`\\u99999999999 ?\\fs${'9'.repeat(5_000)} text \\'zz\\'`)]
  yield ['rtf/skip-lies.rtf', rtf('\\uc2000000000\\u20013 text after')]
  yield ['rtf/picture.rtf', rtf(`{\\pict\\pngblip ${'0123456789abcdef'.repeat(200_000)}}text`)]
  yield ['rtf/object.rtf', rtf(`{\\object\\objemb{\\*\\objdata ${'d0cf11e0'.repeat(200_000)}}}text`)]
  yield ['rtf/cells.rtf', rtf(`\\trowd ${'\\cellx1'.repeat(10_000)}${'x\\cell '.repeat(10_000)}\\row`)]
  yield ['rtf/tables-deep.rtf', rtf(`${'\\itap999999 x\\nestcell\\nestrow '.repeat(5_000)}`)]
  yield ['rtf/control-word-long.rtf', rtf(`\\${'a'.repeat(500_000)} text`)]
  yield ['rtf/paragraphs.rtf', rtf('x\\par '.repeat(20_000))]
  yield [
    'rtf/fonts.rtf',
    rtf(
      `{\\fonttbl${Array.from({ length: 50_000 }, (_, index) => `{\\f${index}\\fcharset${index % 300} F;}`).join('')}}text`,
    ),
  ]
}

function* data() {
  yield ['json/deep.json', nest('[', '', ']', 50_000)]
  yield ['json/objects-deep.json', nest('{"a":', '1', '}', 20_000)]
  yield ['json/never-closed.json', '{"a":['.repeat(10_000)]
  yield ['xml/deep.xml', `<?xml version="1.0"?>${nest('<a>', 'x', '</a>', 20_000)}`]
  yield ['xml/never-closed.xml', `<?xml version="1.0"?>${'<a b="c">'.repeat(10_000)}`]
  yield ['xml/attribute-long.xml', `<?xml version="1.0"?><a b="${'v'.repeat(MiB / 4)}"/>`]
  yield ['yaml/laughs.yaml', `a: &a [x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(9)}]`]
  yield ['log/colours.log', '\u001b[31mred\u001b[0m text\n'.repeat(5_000)]
}
