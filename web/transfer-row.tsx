import type { Document, Job } from '../src/core/types.js'
import { DocumentButtons } from './document-row.js'
import { useMessages } from './language.js'
import type { Messages } from './messages.js'
import { ProblemNote } from './problem-note.js'
import { standsFor, type Transfer } from './transfer.js'
import { wayInStage, wayWhileSent } from './way.js'

interface TransferRowProps {
  transfer: Transfer
  onRetry: (document: Document) => void
  onRemove: (document: Document) => void
}

/** A file on its way, with how far it has come or why it failed. */
export function TransferRow({ transfer, onRetry, onRemove }: TransferRowProps) {
  const say = useMessages()
  const ratio = ratioOf(transfer)
  const document = standsFor(transfer)
  const warnings = transfer.job?.warnings ?? []
  return (
    <li class={`transfer transfer-${transfer.state}`}>
      <span class="transfer-name">{transfer.fileName}</span>
      <span class="transfer-state" role="status">
        {stateText(say, transfer)}
      </span>
      {ratio === null ? null : <progress max={1} value={ratio} aria-label={transfer.fileName} />}
      {transfer.problem === null ? null : <ProblemNote problem={transfer.problem} />}
      {warnings.length === 0 ? null : (
        <details>
          <summary>
            {say.warnings} ({warnings.length})
          </summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
      {document === null ? null : (
        <DocumentButtons
          document={document}
          onRetry={transfer.state === 'failed' ? onRetry : null}
          onRemove={onRemove}
        />
      )}
    </li>
  )
}

function stateText(say: Messages, transfer: Transfer): string {
  switch (transfer.state) {
    case 'waiting':
      return say.uploadWaiting
    case 'uploading':
      return say.uploading(Math.round(transfer.sentRatio * 100))
    case 'ingesting':
      return transfer.job === null ? say.stage.queued : stageText(say, transfer.job)
    case 'done':
      return say.stage.done
    case 'unchanged':
      return say.unchanged
    case 'duplicate':
      return say.duplicateOf(transfer.document?.title ?? transfer.fileName)
    case 'failed':
      return transfer.job?.status === 'cancelled' ? say.stage.cancelled : say.stage.failed
    default:
      return transfer.state satisfies never
  }
}

function stageText(say: Messages, job: Job): string {
  const stage = say.stage[job.stage]
  return job.progress > 0 && job.progress < 1 ? say.stagePercent(stage, Math.round(job.progress * 100)) : stage
}

/** Share of the whole way, 0 to 1; null once it has ended. */
function ratioOf(transfer: Transfer): number | null {
  if (transfer.state === 'waiting') return 0
  if (transfer.state === 'uploading') return wayWhileSent(transfer.sentRatio)
  if (transfer.state !== 'ingesting') return null
  return wayInStage(transfer.job?.stage ?? 'queued', transfer.job?.progress ?? 0)
}
