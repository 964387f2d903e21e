import type { ComponentChildren } from 'preact'
import { useMessages } from './language.js'
import { type Block, type Inline, parseMarkdown, withoutHalfMarker } from './markdown.js'
import type { Passage } from './passage.js'

/** A marker's number, and how many of that number stand before it. */
export interface MarkerPlace {
  number: number
  occurrence: number
}

export type OpenPassage = (passage: Passage, opener: HTMLElement) => void

interface Reading {
  /** The passage behind a marker; null when it stands for nothing. */
  passageOf(marker: MarkerPlace): Passage | null
  onOpen: OpenPassage
}

/** An answer's text, built from Preact elements only: no HTML of the text ever reaches the page. */
export function AnswerText({ text, growing, ...reading }: { text: string; growing: boolean } & Reading) {
  const blocks = parseMarkdown(growing ? withoutHalfMarker(text) : text)
  return (
    <div class="answer-text">
      {blocks.map((block) => (
        <BlockView block={block} reading={reading} />
      ))}
    </div>
  )
}

function BlockView({ block, reading }: { block: Block; reading: Reading }) {
  switch (block.kind) {
    case 'paragraph':
      return <p>{inlines(block.children, reading)}</p>
    case 'heading': {
      const Heading = block.depth <= 2 ? 'h4' : 'h5'
      return <Heading>{inlines(block.children, reading)}</Heading>
    }
    case 'list': {
      const items = block.items.map((item) => <li>{blocks(item, reading)}</li>)
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <TableView table={block} reading={reading} />
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return <blockquote>{blocks(block.children, reading)}</blockquote>
    case 'rule':
      return <hr />
    default:
      return block satisfies never
  }
}

function TableView({ table, reading }: { table: Extract<Block, { kind: 'table' }>; reading: Reading }) {
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            {table.header.map((cell) => (
              <th scope="col">{inlines(cell, reading)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{inlines(cell, reading)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function blocks(children: readonly Block[], reading: Reading): ComponentChildren {
  return children.map((child) => <BlockView block={child} reading={reading} />)
}

function inlines(children: readonly Inline[], reading: Reading): ComponentChildren {
  return children.map((child) => <InlineView inline={child} reading={reading} />)
}

function InlineView({ inline, reading }: { inline: Inline; reading: Reading }) {
  switch (inline.kind) {
    case 'text':
      return <>{inline.text}</>
    case 'marker':
      return <Marker marker={inline} reading={reading} />
    case 'strong':
      return <strong>{inlines(inline.children, reading)}</strong>
    case 'emphasis':
      return <em>{inlines(inline.children, reading)}</em>
    case 'deleted':
      return <del>{inlines(inline.children, reading)}</del>
    case 'code':
      return <code>{inline.text}</code>
    case 'link':
      return <ForeignLink href={inline.href}>{inlines(inline.children, reading)}</ForeignLink>
    case 'break':
      return <br />
    default:
      return inline satisfies never
  }
}

/** A link that an answer names: its host is always shown, because the words of a link may lie. */
function ForeignLink({ href, children }: { href: string; children: ComponentChildren }) {
  const say = useMessages()
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" title={`${href} (${say.leavesPage})`}>
      {children} <span class="link-host">({new URL(href).host})</span>
    </a>
  )
}

function Marker({ marker, reading }: { marker: MarkerPlace; reading: Reading }) {
  const say = useMessages()
  const { number } = marker
  const passage = reading.passageOf(marker)
  if (passage === null) return <>[{number}]</>
  const isDoubtful = passage.verified === false
  const label = say.openSource(number, passage.title)
  return (
    <button
      type="button"
      class={isDoubtful ? 'marker marker-doubtful' : 'marker'}
      aria-label={isDoubtful ? `${label} (${say.unverified})` : label}
      title={label}
      onClick={(event) => reading.onOpen(passage, event.currentTarget)}
    >
      {number}
    </button>
  )
}
