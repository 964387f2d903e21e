import type { MeasuredQuestion } from '../../eval/measured.js'
import type { ReportLanguage } from './report-labels.js'

export interface EvaluationLabels {
  title: string
  set: string
  started: string
  model: string
  version: string
  questions: string
  passages: string
  chunks: string
  comparedWith: string
  retrieval: string
  perKind: string
  changes: string
  metric: string
  before: string
  after: string
  difference: string
  interval: string
  byChance: string
  real: string
  unsure: string
  recallCurve: string
  depth: string
  latency: string
  milliseconds: string
  scores: string
  nearest: string
  answerable: string
  unanswerable: string
  reliability: string
  found: string
  nearestNote: string
  id: string
  kind: string
  question: string
  verdict: string
  change: string
  notFound: string
  better: string
  worse: string
  worstFirst: string
  notShown: string
  verdicts: Record<MeasuredQuestion['verdict'], string>
}

export const evaluationLabels: Record<ReportLanguage, EvaluationLabels> = {
  en: {
    title: 'Inkstone evaluation',
    set: 'Set',
    started: 'Started',
    model: 'Embedding model',
    version: 'Version',
    questions: 'Questions',
    passages: 'Passages',
    chunks: 'Chunks',
    comparedWith: 'Compared with',
    retrieval: 'Retrieval',
    perKind: 'By kind of question',
    changes: 'What has changed',
    metric: 'Metric',
    before: 'Before',
    after: 'Now',
    difference: 'Difference',
    interval: '95 % interval',
    byChance: 'p',
    real: 'real',
    unsure: 'may be chance',
    recallCurve: 'Recall by depth',
    depth: 'passages looked at (k)',
    latency: 'Latency: share of questions done within',
    milliseconds: 'milliseconds',
    scores: 'How near the nearest passage is',
    nearest: 'cosine of question and nearest passage',
    answerable: 'answerable',
    unanswerable: 'unanswerable',
    reliability: 'Reliability: is the answer among the first 5?',
    found: 'answer among the first 5',
    nearestNote:
      'An answer carries no confidence of its own: the cosine of the nearest passage stands for it. Each dot is an equal share of the questions.',
    id: 'Id',
    kind: 'Kind',
    question: 'Question',
    verdict: 'Outcome',
    change: 'Change',
    notFound: '–',
    better: 'better',
    worse: 'worse',
    worstFirst: 'Questions, the worst first',
    notShown: 'not shown: --save keeps all of them',
    verdicts: { right: 'right', wrong: 'wrong', refused: 'refused', answered: 'answered', searched: '' },
  },
  zh: {
    title: 'Inkstone 评测报告',
    set: '评测集',
    started: '开始时间',
    model: '向量模型',
    version: '版本',
    questions: '问题',
    passages: '段落',
    chunks: '片段',
    comparedWith: '对比运行',
    retrieval: '检索',
    perKind: '按问题类别',
    changes: '变化',
    metric: '指标',
    before: '之前',
    after: '现在',
    difference: '差值',
    interval: '95% 区间',
    byChance: 'p 值',
    real: '确有变化',
    unsure: '可能是偶然',
    recallCurve: '各深度召回率',
    depth: '查看的段落数 (k)',
    latency: '延迟：在此时间内完成的问题比例',
    milliseconds: '毫秒',
    scores: '最近段落的相似度',
    nearest: '问题与最近段落的余弦',
    answerable: '可回答',
    unanswerable: '不可回答',
    reliability: '可靠性：前 5 段中是否有答案',
    found: '答案在前 5 段中',
    nearestNote: '回答本身不带置信度，以最近段落的余弦代替。每个点代表相同数量的问题。',
    id: '编号',
    kind: '类别',
    question: '问题',
    verdict: '结果',
    change: '变化',
    notFound: '–',
    better: '变好',
    worse: '变差',
    worstFirst: '问题（最差在前）',
    notShown: '个未显示：--save 会保存全部',
    verdicts: { right: '正确', wrong: '错误', refused: '拒答', answered: '已回答', searched: '' },
  },
}
