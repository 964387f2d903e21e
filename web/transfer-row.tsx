import type { Job } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'
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
  const { stage, progress, pages, etaSeconds, notBefore } = job
  const name = say.stage[stage]
  if (stage === 'queued' && notBefore !== null) return say.triedAgain(new Date(notBefore).toLocaleTimeString())
  const left = etaSeconds === null ? '' : ` · ${say.eta(etaSeconds)}`
  if (stage === 'recognising' && pages !== null) return say.stagePages(name, `${pages.done}/${pages.total}`) + left
  return (progress > 0 && progress < 1 ? say.stagePercent(name, Math.round(progress * 100)) : name) + left
}

/** Share of the whole way, 0 to 1; null once it has ended. */
function ratioOf(transfer: Transfer): number | null {
  if (transfer.state === 'waiting') return 0
  if (transfer.state === 'uploading') return wayWhileSent(transfer.sentRatio)
  if (transfer.state !== 'ingesting') return null
  return wayInStage(transfer.job?.stage ?? 'queued', transfer.job?.progress ?? 0)
}
