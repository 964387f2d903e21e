export type ReportLanguage = 'en' | 'zh'

export function systemLanguage(): ReportLanguage {
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('zh') ? 'zh' : 'en'
}

export interface ReportLabels {
  title: string
  dryRun: string
  incomplete: string
  knowledgeBase: string
  folders: string
  started: string
  took: string
  files: string
  filter: string
  all: string
  codes: string
  losses: string
  code: string
  count: string
  kind: string
  rowsShown: string
  more: string
  columns: {
    path: string
    reading: string
    outcome: string
    pages: string
    chunks: string
    tables: string
    ocr: string
    notes: string
    seconds: string
  }
  readings: Record<'read' | 'partly' | 'refused' | 'foreseen' | 'removed', string>
  outcomes: Record<'added' | 'updated' | 'unchanged' | 'duplicate' | 'moved' | 'removed' | 'failed', string>
  lossKinds: Record<'page' | 'image' | 'formula' | 'object' | 'text' | 'member', string>
  page: string
  from: string
  remedy: string
}

export const reportLabels: Record<ReportLanguage, ReportLabels> = {
  en: {
    title: 'Inkstone ingest report',
    dryRun: 'A dry run: nothing was stored.',
    incomplete: 'The run was stopped, or broke off: what is listed had ended by then.',
    knowledgeBase: 'Knowledge base',
    folders: 'From',
    started: 'Started',
    took: 'Took',
    files: 'Files',
    filter: 'Filter by path or reason',
    all: 'All',
    codes: 'Refused, by reason',
    losses: 'Not read',
    code: 'Code',
    count: 'Files',
    kind: 'Kind',
    rowsShown: 'rows',
    more: 'Show more',
    columns: {
      path: 'File',
      reading: 'Result',
      outcome: 'Change',
      pages: 'Pages',
      chunks: 'Chunks',
      tables: 'Tables',
      ocr: 'OCR pages',
      notes: 'Losses, warnings, reasons',
      seconds: 'Seconds',
    },
    readings: { read: 'read', partly: 'partly read', refused: 'refused', foreseen: 'not read yet', removed: 'removed' },
    outcomes: {
      added: 'added',
      updated: 'updated',
      unchanged: 'unchanged',
      duplicate: 'duplicate',
      moved: 'moved',
      removed: 'removed',
      failed: 'failed',
    },
    lossKinds: {
      page: 'pages',
      image: 'pictures',
      formula: 'formulas',
      object: 'embedded objects',
      text: 'pieces of text',
      member: 'files inside',
    },
    page: 'p.',
    from: 'from',
    remedy: 'remedy',
  },
  zh: {
    title: 'Inkstone 导入报告',
    dryRun: '试运行：没有写入任何内容。',
    incomplete: '运行被停止或中断：此处列出的是当时已结束的文件。',
    knowledgeBase: '知识库',
    folders: '来源',
    started: '开始时间',
    took: '用时',
    files: '文件',
    filter: '按路径或原因筛选',
    all: '全部',
    codes: '未能读取的原因',
    losses: '未读出的内容',
    code: '代码',
    count: '文件数',
    kind: '类别',
    rowsShown: '行',
    more: '显示更多',
    columns: {
      path: '文件',
      reading: '结果',
      outcome: '变动',
      pages: '页数',
      chunks: '片段',
      tables: '表格',
      ocr: 'OCR 页',
      notes: '缺失、警告与原因',
      seconds: '秒',
    },
    readings: { read: '已读取', partly: '部分读取', refused: '未能读取', foreseen: '尚未读取', removed: '已移除' },
    outcomes: {
      added: '新增',
      updated: '更新',
      unchanged: '未变',
      duplicate: '重复',
      moved: '移动',
      removed: '移除',
      failed: '失败',
    },
    lossKinds: {
      page: '页面',
      image: '图片',
      formula: '公式',
      object: '嵌入对象',
      text: '文本',
      member: '内含文件',
    },
    page: '页',
    from: '原路径',
    remedy: '处理办法',
  },
}
