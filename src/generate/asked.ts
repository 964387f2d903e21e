import { datesIn } from './values/dates.js'
import { foldText } from './values/fold-text.js'
import { holdsValue } from './values/holds-value.js'
import { chineseDigits } from './values/numerals.js'
import { unitAt } from './values/units.js'
import { blank, type Value, valuesIn } from './values/values.js'

/** What a question asks for, as far as its form tells. */
export interface Asked {
  /** `amount`: a number. `date`: a day, month or year. `address`: a telephone number, mail or web address. `open`: anything, such as a reason or a way. */
  kind: 'amount' | 'date' | 'address' | 'open'
  /** What the amount measures (`time`, `pressure`: see values/units.ts); empty where any would do. */
  dimensions: readonly string[]
  /** The one unit that will do, such as `dollar`; null where any of the dimensions will. */
  unit: string | null
  /** What is counted, such as `台`: the amount stands before it. Null where it is measured. */
  counter: string | null
  /** The values that the question gives: they are no answer to it. */
  given: readonly Value[]
}

/** Names of measures, and what they are measured in. */
const measures: readonly (readonly [RegExp, readonly string[]])[] = [
  [/温度|温升|气温|水温|油温|\btemperature|how (?:hot|cold|warm)/i, ['temperature']],
  [/压力|压强|压差|水压|气压|油压|真空度|\bpressure|\bvacuum/i, ['pressure']],
  [
    /价|费用|运费|成本|金额|工资|薪水|奖金|罚款|赔偿|租金|押金|\b(?:prices?|costs?|fees?|charges?|salary|wages?|fines?)\b/i,
    ['money'],
  ],
  [/重量|净重|毛重|体重|载荷|\bweigh|\bmass\b|\bload\b|how heavy/i, ['mass', 'force']],
  [/流量|排量|\bflow\b/i, ['volume/time', 'mass/time']],
  [/转速|\bspeed\b|\brpm\b/i, ['turns/time', 'length/time']],
  [/速度|车速|风速|流速|\bvelocity/i, ['length/time']],
  [
    /扬程|汽蚀余量|长度|宽度|高度|深度|厚度|直径|半径|口径|间隙|缝隙|距离|间距|行程|跳动|\b(?:head|NPSH\w?|length|width|height|depth|thickness|diameter|radius|clearance|distance|gap|stroke)\b|how (?:wide|high|tall|deep|thick|far)/i,
    ['length'],
  ],
  [/面积|\barea\b/i, ['area']],
  [/体积|容积|\bvolume\b/i, ['volume']],
  [/功率|\bpower\b|\brating\b/i, ['power']],
  [/能耗|电耗|耗电|用电|\benergy\b/i, ['energy', 'power']],
  [/电压|\bvoltage/i, ['voltage']],
  [/电流|\bcurrent\b/i, ['current']],
  [/电阻|\bresistance\b/i, ['resistance']],
  [/频率|\bfrequency/i, ['frequency', 'time']],
  [/力矩|扭矩|\btorque/i, ['torque']],
  [/粘度|黏度|\bviscosity/i, ['viscosity', 'area/time']],
  [/硬度|\bhardness/i, ['hardness']],
  [/噪声|噪音|声级|\bnoise/i, ['sound']],
  [/比例|占比|浓度|含量|效率|百分|\bpercent|\bconcentration|\befficiency|\bshare\b/i, ['share', 'mass/volume']],
  [/时间|时长|期限|期间|周期|寿命|年限|工期|\bperiod|\binterval|\bduration|\blifetime|\bdeadline/i, ['time']],
]

/** Forms that ask for an amount and say themselves of what. */
const formsOfAmount: readonly (readonly [RegExp, readonly string[]])[] = [
  [/多久|多长时间|多少时间|how (?:long|often|soon|old)|how much time/i, ['time']],
  [/(?:多少|几)度电/, ['energy']],
  [/(?:多少|几)度/, ['temperature']],
  [/多少钱|几块钱|how much (?:does|do|is|are|would)\b.*\b(?:cost|price)|how expensive/i, ['money']],
  [/多[长宽高深厚粗远]/, ['length']],
  [/多重/, ['mass']],
  [/多快/, ['turns/time', 'length/time', 'time']],
]
const amount =
  /多少|多大|(?<![第好无])几(?![何乎])|how (?:much|many|big|large|small)|\b(?:what|which) (?:number|percentage)/i
const counted =
  /^(?:多少|几) ?(个?[名位人台件套只片根条块张把份批次种类项道层级步遍回页家艘辆颗粒瓶桶箱袋盒副对组间栋户棵]|个)/
const date =
  /哪一?[年月天日]|几月|几号|几日|何时|什么时候|什么时间|截止|(?:^|[,;.?!] ?|\b(?:by|since|until|from|and) )when\b|\b(?:what|which) (?:day|date|year|month)\b/i
const asksOtherwise = /什么|哪|如何|怎|谁|何|\b(?:what|which|how|who|where|why)\b/i
const address = /电话|手机号|传真|邮箱|电子邮件|网址|\b(?:phone|telephone|fax|e-?mail|website|url)\b/i
const addresses = /(?:\d[ -]?){7,}|[\w.-]+@[\w.-]+|\b(?:https?:|www\.)/
const asksForAddress = /是|多少|哪|什么|号码|\bwhat|\bwhich/i

/** @param question of any language; what is neither Chinese nor English asks for `open` */
export function askedFor(question: string): Asked {
  const text = foldText(question)
  const given = valuesIn(text)
  const asks = (kind: Asked['kind'], more: Partial<Asked> = {}): Asked => ({
    kind,
    dimensions: [],
    unit: null,
    counter: null,
    given,
    ...more,
  })
  const ofForm = formsOfAmount.find(([form]) => form.test(text))
  if (ofForm) return asks('amount', { dimensions: ofForm[1], unit: currencyIn(text, ofForm[1]) })
  if (address.test(text) && asksForAddress.test(text)) return asks('address')
  if (date.test(text)) return asks('date')
  const asking = amount.exec(text)
  // "HD71X 扭矩": the name of a measure without a question word asks for its value.
  if (asking === null && asksOtherwise.test(text) && !/\bwhat\b/i.test(text)) return asks('open')
  const unit = asking === null ? undefined : unitAt(text.slice(asking.index + asking[0].length).trimStart())?.unit
  if (unit !== undefined)
    return asks('amount', { dimensions: [unit.dimension], unit: currencyIn(text, [unit.dimension]) })
  const dimensions = measures.filter(([words]) => words.test(text)).flatMap(([, those]) => those)
  if (dimensions.length > 0) return asks('amount', { dimensions, unit: currencyIn(text, dimensions) })
  if (asking === null) return asks('open')
  return asks('amount', { counter: counted.exec(text.slice(asking.index))?.[1] ?? null })
}

/** The currency that a question names: unlike other units, one is never given for another. */
function currencyIn(text: string, dimensions: readonly string[]): string | null {
  if (!dimensions.includes('money')) return null
  const units = [...text.matchAll(/(?<![\p{sc=Latin}\d])[\p{L}$€¥]/gu)].flatMap(
    ({ index }) => unitAt(text.slice(index))?.unit ?? [],
  )
  return units.find(({ dimension }) => dimension === 'money')?.name ?? null
}

/**
 * Whether a text holds something of the kind that is asked for and that the question does not give.
 * @param held folded as `foldText` does, with its values
 */
export function offers(asked: Asked, { values, text }: { values: readonly Value[]; text: string }): boolean {
  switch (asked.kind) {
    case 'open':
      return true
    case 'address':
      return addresses.test(blank(text, datesIn(text)))
    case 'amount':
      return asked.counter === null
        ? values.some((value) => isWanted(value, asked))
        : counting(asked.counter).test(text)
    case 'date':
      return values.some((value) => isWanted(value, asked))
    default:
      return asked.kind satisfies never
  }
}

/** Whether one value is of the kind that is asked for, and not one that the question gives itself. */
export function isWanted(value: Value, { kind, dimensions, unit, given }: Asked): boolean {
  if (holdsValue(value, { values: given, text: '' })) return false
  if (kind === 'date') return value.kind === 'date' || (value.kind === 'quantity' && value.unit?.dimension === 'time')
  if (value.kind !== 'quantity' && value.kind !== 'range') return false
  const isMeasure = dimensions.length === 0 || isMeasuredIn(value.unit?.dimension ?? '', dimensions)
  return isMeasure && (unit === null || value.unit?.name === unit)
}

/** Counters of the same thing. */
const sameCounters = ['次回遍趟', '名位人个', '件个只台套', '家个', '类种项条款']

function counting(counter: string): RegExp {
  const own = counter.replace(/^个(?=.)/, '')
  const same = sameCounters.filter((counters) => counters.includes(own)).join('')
  return new RegExp(`(?:\\d|[${chineseDigits}]) ?个?[${own}${same}]`)
}

/** A rate is asked for by what changes, too: how many degrees an hour. */
function isMeasuredIn(dimension: string, dimensions: readonly string[]): boolean {
  return dimensions.includes(dimension) || dimensions.includes(dimension.replace(/\/.*$/, ''))
}
