import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { KeyQuestion } from './key-ring.js'
import { useMessages } from './language.js'

interface ModalProps {
  title: string
  onCancel: () => void
  children: ComponentChildren
}

/** A modal dialog, open as long as it is rendered. The browser keeps the focus inside and gives it back. */
function Modal({ title, onCancel, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}

interface DeletionProps {
  title: string
  onCancel: () => void
  onRemove: () => void
}

/** Asks before a document is deleted. */
export function RemoveDialog({ title, ...acts }: DeletionProps) {
  const say = useMessages()
  return <DeletionDialog title={say.removeTitle} question={say.removeQuestion(title)} {...acts} />
}

/** Asks before a conversation is deleted. */
export function ForgetDialog({ title, ...acts }: DeletionProps) {
  const say = useMessages()
  return (
    <DeletionDialog
      title={say.forgetTitle}
      question={say.forgetQuestion(title === '' ? say.untitled : title)}
      {...acts}
    />
  )
}

function DeletionDialog({ title, question, onCancel, onRemove }: DeletionProps & { question: string }) {
  const say = useMessages()
  return (
    <Modal title={title} onCancel={onCancel}>
      <p>{question}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onCancel}>
          {say.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={onRemove}>
          {say.remove}
        </button>
      </div>
    </Modal>
  )
}

/** Asks for another title of a conversation. */
export function RenameDialog(props: { title: string; onCancel: () => void; onRename: (title: string) => void }) {
  const say = useMessages()
  const [title, setTitle] = useState(props.title)
  const wanted = title.trim()
  return (
    <Modal title={say.renameTitle} onCancel={props.onCancel}>
      <form
        class="key-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted !== '') props.onRename(wanted)
        }}
      >
        <label for="conversation-title">{say.renameLabel}</label>
        <input
          id="conversation-title"
          maxLength={maxTitleCharacters}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={props.onCancel}>
            {say.cancel}
          </button>
          <button type="submit" class="button button-primary" disabled={wanted === ''}>
            {say.save}
          </button>
        </div>
      </form>
    </Modal>
  )
}

/** The server refuses longer ones. */
const maxTitleCharacters = 200

/** Asks for the API key that the server wants. */
export function KeyDialog({ question }: { question: KeyQuestion }) {
  const say = useMessages()
  const [key, setKey] = useState('')
  return (
    <Modal title={say.keyTitle} onCancel={() => question.answer(null)}>
      <form
        class="key-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '') question.answer(key.trim())
        }}
      >
        <p>{question.refused ? say.keyRefused : say.keyHint}</p>
        <label for="api-key">{say.keyLabel}</label>
        <input
          id="api-key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => question.answer(null)}>
            {say.cancel}
          </button>
          <button type="submit" class="button button-primary" disabled={key.trim() === ''}>
            {say.keySave}
          </button>
        </div>
      </form>
    </Modal>
  )
}
