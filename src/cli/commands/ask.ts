import type { Command } from 'commander'
import type { Answer, AnswerEvent } from '../../core/answer.js'
import { InkstoneError } from '../../core/errors.js'
import type { AnswerRequest } from '../../core/service.js'
import type { SearchFilter } from '../../core/types.js'
import type { CliContext } from '../context.js'
import { filterOption } from '../filter-option.js'
import { connectFor, gather, settingOption, wantsJson } from '../flags.js'
import { documentedCommand } from '../help.js'
import { showAnswer } from '../render/answer.js'

interface AskOptions {
  kb?: string[]
  history?: string[]
  conversation?: string
  filter?: SearchFilter
  deep?: boolean
  anyway?: boolean
}

/** `inkstone ask`: an answer whose statements are cited, or a refusal with the nearest passages. Both end with 0. */
export function askCommand(context: CliContext): Command {
  return documentedCommand('ask', 'Answer a question from the documents, with citations.', {
    examples: [
      { line: 'inkstone ask "How often is the bearing grease changed?"', does: 'asks every knowledge base' },
      { line: 'inkstone ask "轴承多久换一次润滑脂？" --kb sample', does: 'asks one knowledge base' },
      {
        line: 'inkstone ask "And the seal?" --history "How often is the bearing grease changed?"',
        does: 'asks a follow-up question',
      },
      {
        line: 'inkstone ask "Which oil does the pump on line 3 take?" --deep',
        does: 'looks into it step by step, with a language model',
      },
      {
        line: 'inkstone ask "How often is the bearing grease changed?" --conversation new',
        does: 'begins a conversation; its id goes to standard error',
      },
    ],
    json: 'one document, the answer with its citations and hits; "status" is "answered" or "abstained".',
  })
    .argument('<question>', 'the question')
    .option('--kb <slug>', 'knowledge base; may be given several times (default: all)', gather)
    .option('--history <question>', 'an earlier question; give the flag once for each, oldest first', append)
    .option('--deep', 'have the language model search step by step: plan, search, read, decide')
    .option('--conversation <id>', 'the conversation it is asked in, whose answers are its history; "new" begins one')
    .option('--anyway', 'answer from the nearest passages rather than refuse; the answer says so')
    .addOption(filterOption())
    .addOption(settingOption('topK', 'count'))
    .action((question: string, options: AskOptions, command: Command) => ask(context, question, options, command))
}

async function ask(context: CliContext, question: string, options: AskOptions, command: Command): Promise<void> {
  if (question.trim() === '') {
    throw new InkstoneError('invalid_request', 'the question is empty', {
      remedy: 'put it in quotes: inkstone ask "…"',
    })
  }
  const { terminal, signal } = context
  const { config, service } = await connectFor(command, context)
  try {
    const events = service.answer(requestOf(question, options, config.topK), { signal })
    const json = wantsJson(command)
    const answer = await (json ? lastAnswer(events) : showAnswer(events, terminal))
    if (answer === null) throw new InkstoneError('internal', 'the answer ended before it was complete')
    if (json) terminal.printJson(answer)
  } finally {
    await service.close()
  }
}

function requestOf(
  question: string,
  { kb, history, conversation, filter, deep, anyway }: AskOptions,
  topK: number,
): AnswerRequest {
  return {
    question,
    topK,
    ...(deep ? { mode: 'deep' as const } : {}),
    ...(history === undefined ? {} : { history }),
    ...(conversation === undefined ? {} : { conversationId: conversation }),
    ...(filter === undefined ? {} : { filter }),
    ...(anyway === true ? { evenIfUnsure: true } : {}),
    ...(kb === undefined ? {} : { knowledgeBaseIds: kb }),
  }
}

async function lastAnswer(events: AsyncIterable<AnswerEvent>): Promise<Answer | null> {
  let answer: Answer | null = null
  for await (const event of events) if (event.type === 'done') answer = event.answer
  return answer
}

/** Questions hold commas, so this flag is not split at them. */
function append(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}
