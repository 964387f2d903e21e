/**
 * CJK Radicals Supplement, U+2E80 to U+2EF3 in order, as the ideographs they stand for: Unicode's
 * Equivalent_Unified_Ideograph. NFKC knows only two of these.
 */
const supplement = [
  ...'⺀厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋',
  ...'耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟',
]

/** What browsers print where they mean the simplified form; Unicode's table has the traditional 戶. */
const simplified = new Map([['⼾', '户']])

/**
 * Replaces radicals (U+2E80 to U+2FDF) by ideographs, character by character. PDFs printed by browsers yield ⻚⼿⾼ for
 * 页手高, which no search would find. The rest of the text stays as it is: normalising all of it would change ，：①.
 */
export function withoutRadicals(text: string): string {
  return text.replace(
    /[\u2E80-\u2FDF]/g,
    (radical) => simplified.get(radical) ?? supplement[radical.charCodeAt(0) - 0x2e80] ?? radical.normalize('NFKC'),
  )
}
