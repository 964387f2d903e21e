/** What machines, materials and contracts have, and people ask for: a following question mostly asks for another one. */
const chinese =
  '流量|扬程|功率|转速|效率|压力|温度|电压|电流|频率|重量|尺寸|直径|口径|长度|宽度|高度|厚度|深度|速度|力矩|扭矩|寿命|周期|间隔|期限|保修期|质保期|有效期|价格|单价|报价|费用|成本|材质|材料|硬度|强度|精度|浓度|粘度|黏度|密度|容量|容积|体积|噪声|噪音|等级|型号|规格|数量|比例|汽蚀余量|泄漏量|振动值|报警值|油位|油量|牌号|产地|交货期|交期|工期|年限|编号|日期|地点|负责人|供应商|厂家|许可证|版本'
const chineseLimits = '额定|最大|最小|最高|最低|设计|工作|公称|标准|允许|正常|平均|总'
const english =
  'flow(?: rate)?|head|power|rating|speed|efficiency|pressure|temperature|voltage|current|frequency|weight|mass|size|dimensions?|diameter|length|width|height|thickness|depth|torque|lifetime|service life|life|interval|warranty(?: period)?|price|cost|fee|material|hardness|strength|accuracy|viscosity|density|capacity|volume|noise(?: level)?|grade|model|quantity|lead time|delivery time|supplier|manufacturer|licen[cs]e|version'
const englishLimits = 'rated|maximum|max\\.?|minimum|min\\.?|nominal|design|working|operating|allowable|average|total'

const words = `(?:(?:${chineseLimits})*(?:${chinese})|\\b(?:(?:${englishLimits}) )*(?:${english})\\b)`

/** An attribute with the words that narrow it: `最大流量`, `rated flow`. */
export const attribute = new RegExp(words, 'giu')

/** A text that is an attribute and nothing else. */
export const attributeOnly = new RegExp(`^${words}$`, 'iu')

/** A question that asks for an attribute: 保修期多久, 它的功率呢, "what is its weight?", "and the price of it?". */
export const asksForAttribute = new RegExp(
  `(?:${chinese})(?:是|有|为)?(?:多少|多久|多大|多长|多高|几|什么|怎么|怎样|如何|哪|呢|[？?]|$)|\\b(?:${english})(?:\\s+(?:of|for)\\s.*)?[?.]?$`,
  'iu',
)
