import type { Source } from '../../source/source.ts'
import type { Files } from '../../discover/files.ts'
import { applyEdits, type Edit } from '../../source/edit.ts'
import type { Piece } from '../../source/piece.ts'

/** What a reader finds in a file: the texts of its stretches in order, and how much it could not read. */
export interface Found {
  readonly pieces: readonly Piece[]
  readonly unread: number
}

/** Reads a project's file again, for its stretches of shell alone. */
export type ReadAgain = (source: Source, files: Files) => Found

/**
 * A piece whose edits are tried before they are offered: the file with the edit, read again, holds the wanted text in this stretch and
 * the old one in every other that the edit does not touch.
 */
export function verified(
  piece: Piece,
  index: number,
  source: Source,
  files: Files,
  all: () => Found,
  again: ReadAgain,
): Piece {
  return {
    text: piece.text,
    spans: piece.spans,
    edit: (start, end, replacement) => {
      const edit = piece.edit(start, end, replacement)
      const host = edit && (edit.at.file === source.file ? source : files.get(edit.at.file))
      const text = host && applyEdits(host.file, host.text, [edit])
      if (!edit || text === undefined) return undefined
      const edited: Source = { file: edit.at.file, text }
      const found = again(edited.file === source.file ? edited : source, replaced(files, edited))
      const before = all()
      if (found.pieces.length !== before.pieces.length || found.unread > before.unread) return undefined
      const wanted = piece.text.slice(0, start) + replacement + piece.text.slice(end)
      const reads = found.pieces.every((now, i) => {
        if (i === index) return now.text === wanted
        return now.text === before.pieces[i]!.text || touches(before.pieces[i]!, edit)
      })
      return reads ? edit : undefined
    },
  }
}

/** The files with one of them in another version. */
function replaced(files: Files, edited: Source): Files {
  const swap = (source: Source): Source => (source.file === edited.file ? edited : source)
  return {
    ...files,
    get: (file) => (file === edited.file ? edited : files.get(file)),
    of: (...kinds) => files.of(...kinds).map(swap),
  }
}

function touches(piece: Piece, edit: Edit): boolean {
  return piece
    .spans(0, piece.text.length)
    .some((span) => span.file === edit.at.file && span.start <= edit.at.end && edit.at.start <= span.end)
}
