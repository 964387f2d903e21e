/** A unit by the one name that all its spellings share. */
export interface Unit {
  name: string
  /** What it measures: values of one dimension can be mistaken for each other. */
  dimension: string
}

/**
 * Spellings of units, by dimension: the first is the unit's name, the others mean exactly the same. Nothing is converted:
 * who writes 1 m for 1000 mm, or two years for 24 months, writes something that does not stand in the source.
 * Symbols are told apart by case (mPa, MPa), words are not.
 */
const spellings: Record<string, readonly (readonly string[])[]> = {
  length: [
    ['m', '米', '公尺', 'metre', 'metres', 'meter', 'meters'],
    ['km', '千米', '公里', 'kilometre', 'kilometres', 'kilometer', 'kilometers'],
    ['cm', '厘米', '公分', 'centimetre', 'centimetres', 'centimeter', 'centimeters'],
    ['mm', '毫米', 'millimetre', 'millimetres', 'millimeter', 'millimeters'],
    ['μm', 'um', '微米', 'micron', 'microns', 'micrometre', 'micrometres', 'micrometer', 'micrometers'],
    ['nm', '纳米', 'nanometre', 'nanometres'],
    ['inch', 'inches', '英寸', '"', '″'],
    ['ft', 'foot', 'feet', '英尺'],
  ],
  area: [
    ['m2', '平方米', 'square metres', 'square meters', 'square metre', 'square meter'],
    ['cm2', '平方厘米'],
    ['mm2', '平方毫米'],
    ['hectare', 'hectares', '公顷'],
  ],
  volume: [
    ['m3', '立方米', '立方', 'cubic metres', 'cubic meters', 'cubic metre', 'cubic meter'],
    ['L', 'l', '升', 'litre', 'litres', 'liter', 'liters'],
    ['mL', 'ml', '毫升', 'millilitre', 'millilitres', 'milliliter', 'milliliters'],
    ['cm3', '立方厘米'],
  ],
  mass: [
    ['kg', 'Kg', 'KG', '千克', '公斤', 'kilogram', 'kilograms'],
    ['g', '克', 'gram', 'grams'],
    ['mg', '毫克', 'milligram', 'milligrams'],
    ['μg', 'ug', '微克'],
    ['t', '吨', 'tonne', 'tonnes', 'metric tons'],
  ],
  time: [
    ['year', 'years', '年', '周年'],
    ['month', 'months', '个月', '月'],
    ['week', 'weeks', '周', '个星期', '星期'],
    ['day', 'days', 'd', '天', '日', '个自然日', '自然日'],
    ['working day', 'working days', 'business day', 'business days', '个工作日', '工作日'],
    ['hour', 'hours', 'h', 'hr', 'hrs', '小时', '个小时', '时'],
    ['minute', 'minutes', 'min', 'mins', '分钟', '分'],
    ['second', 'seconds', 's', 'sec', '秒', '秒钟'],
    ['ms', '毫秒', 'milliseconds'],
  ],
  temperature: [
    ['°C', '℃', '摄氏度', 'degrees Celsius', 'degree Celsius', 'deg C'],
    ['°F', '℉', '华氏度', 'degrees Fahrenheit'],
    ['K', '开尔文', 'kelvin'],
  ],
  pressure: [
    ['Pa', '帕', '帕斯卡', 'pascal', 'pascals'],
    ['kPa', 'KPa', '千帕'],
    ['MPa', 'Mpa', '兆帕'],
    ['bar', '巴'],
    ['mbar', '毫巴'],
    ['psi'],
    ['mmHg', '毫米汞柱'],
  ],
  power: [
    ['W', '瓦', '瓦特', 'watt', 'watts'],
    ['kW', 'KW', '千瓦', 'kilowatt', 'kilowatts'],
    ['MW', '兆瓦', 'megawatt', 'megawatts'],
    ['kVA', 'KVA', '千伏安'],
    ['hp', 'HP', '马力', 'horsepower'],
  ],
  energy: [
    ['J', '焦耳', '焦', 'joule', 'joules'],
    ['kJ', '千焦'],
    ['kW·h', 'kWh', 'KWh', '千瓦时', 'kilowatt-hours'],
  ],
  voltage: [
    ['V', '伏', '伏特', 'volt', 'volts'],
    ['kV', 'KV', '千伏'],
    ['mV', '毫伏'],
  ],
  current: [
    ['A', '安', '安培', 'ampere', 'amperes', 'amps', 'amp'],
    ['mA', '毫安', 'milliamperes'],
  ],
  resistance: [
    ['Ω', '欧', '欧姆', 'ohm', 'ohms'],
    ['kΩ', '千欧'],
    ['MΩ', '兆欧', 'megohm', 'megohms'],
  ],
  frequency: [
    ['Hz', 'HZ', '赫兹', '赫', 'hertz'],
    ['kHz', '千赫'],
    ['MHz', '兆赫'],
  ],
  force: [
    ['N', '牛', '牛顿', 'newton', 'newtons'],
    ['kN', 'KN', '千牛'],
  ],
  torque: [
    ['N·m', 'N.m', 'N*m', 'Nm', 'N-m', '牛·米', '牛米', '牛顿米', 'newton metres', 'newton meters'],
    ['kN·m', 'kN.m', 'kNm', '千牛·米', '千牛米'],
  ],
  viscosity: [['mPa·s', 'mPa.s', 'cP', '毫帕秒', '毫帕·秒', '厘泊']],
  hardness: [['HRC'], ['HRB'], ['HB', 'HBW', 'HBS'], ['HV']],
  sound: [['dB(A)'], ['dB', '分贝', 'decibel', 'decibels']],
  share: [['%', 'percent', 'per cent'], ['‰', 'per mille'], ['ppm'], ['ppb']],
  money: [
    ['yuan', '元', '元人民币', '人民币', 'RMB', 'CNY', '¥'],
    ['dollar', 'dollars', 'USD', 'US$', '$', '美元'],
    ['euro', 'euros', 'EUR', '€', '欧元'],
  ],
  turns: [['r', '转', 'rev', 'revolutions']],
  'turns/time': [['r/minute', 'rpm', 'RPM', 'r.p.m.', '转每分']],
  'area/time': [['mm2/second', 'cSt', '厘斯']],
}

const longestSpelling = 32

interface Spelling {
  spelling: string
  unit: Unit
  isWord: boolean
}

/** By first character, in lower case; the longest first, so that `mm` is not read as `m`. */
const known: ReadonlyMap<string, readonly Spelling[]> = (() => {
  const all = Object.entries(spellings)
    .flatMap(([dimension, units]) =>
      units.flatMap((names) =>
        names.map((name) => ({ spelling: name.normalize('NFKC'), unit: { name: names[0] ?? '', dimension } })),
      ),
    )
    .sort((a, b) => b.spelling.length - a.spelling.length)
    .map(({ spelling, unit }) => {
      const isWord = /^[a-z][a-z -]{3,}$/i.test(spelling)
      return { spelling: isWord ? spelling.toLowerCase() : spelling, unit, isWord }
    })
  const byFirst = new Map<string, Spelling[]>()
  for (const each of all) byFirst.set(firstOf(each), [...(byFirst.get(firstOf(each)) ?? []), each])
  return byFirst
})()

function firstOf({ spelling }: { spelling: string }): string {
  return spelling.slice(0, 1).toLowerCase()
}

/** Single characters that are units behind a number, and parts of other words as well: `5 安`, `5 安全阀`. */
const ambiguous = /^[安欧牛焦帕赫巴时转伏瓦分周]$/
const mayFollow = /^(?:[^\p{sc=Han}]|[以之的和或及每内左上下时为是至到且后前]|$)/u

/**
 * The unit that a text begins with, spelled in any way: `m³/h`, `立方米每小时`, `cubic metres per hour`. The text must be
 * folded (Unicode NFKC).
 * @returns null when it begins with something else
 */
export function unitAt(text: string): { unit: Unit; length: number } | null {
  const first = simpleUnitAt(text)
  if (first === null) return null
  const per = /^(?: ?\/ ?| ?每 ?| per )/.exec(text.slice(first.length))
  const second =
    per === null ? null : simpleUnitAt(text.slice(first.length + per[0].length).replace(/^个(?=小时|月)/, ''))
  if (per === null || second === null) return first
  const name = `${first.unit.name}/${second.unit.name}`
  const dimension = `${first.unit.dimension}/${second.unit.dimension}`
  return { unit: { name, dimension }, length: first.length + per[0].length + second.length }
}

function simpleUnitAt(text: string): { unit: Unit; length: number } | null {
  const start = text.slice(0, longestSpelling)
  const lowered = start.toLowerCase()
  for (const { spelling, unit, isWord } of known.get(lowered.slice(0, 1)) ?? []) {
    const same = (isWord ? lowered : start).startsWith(spelling)
    if (same && endsHere(spelling, text.slice(spelling.length))) return { unit, length: spelling.length }
  }
  return null
}

function endsHere(spelling: string, rest: string): boolean {
  if (ambiguous.test(spelling)) return mayFollow.test(rest)
  return !/[\p{sc=Latin}\p{sc=Greek}\d]$/u.test(spelling) || !/^(?:[\p{sc=Latin}\p{sc=Greek}\d²³]|-\d)/u.test(rest)
}
