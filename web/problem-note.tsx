import type { Problem } from '../src/core/job.js'
import { useMessages } from './language.js'
import type { ExplainedProblem, Messages } from './messages.js'

/** What went wrong and what to do about it, in the page's language where the page knows the problem. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const say = useMessages()
  const explained = explain(say, problem.code)
  const remedy = explained?.remedy ?? problem.remedy
  return (
    <div class="problem">
      <p class="problem-message">{explained?.message ?? problem.message}</p>
      {remedy === undefined ? null : <p class="problem-remedy">{say.remedy(remedy)}</p>}
    </div>
  )
}

function explain(say: Messages, code: string): { message: string; remedy: string } | undefined {
  return Object.hasOwn(say.problems, code) ? say.problems[code as ExplainedProblem] : undefined
}
