/** A variable that a stretch of shell writes to a file through which the host hands it on: `echo "X=1" >> "$GITHUB_ENV"`. */
export interface Written {
  readonly name: string
  /** The line's place in the text. */
  readonly start: number
  readonly end: number
  /** Its value when that is plain text. */
  readonly value?: string
}

const echoed =
  /(?:\b(?:echo|printf)\s+(?:-\w+\s+|--\s+)*\\?["']?(?:\s*export\s+)?|\\n)([A-Za-z_]\w*)(?:=|<<)((?:(?!\\n)[^"'])*)/g
const assigned = /^\s*(?:export\s+)?([A-Za-z_]\w*)(?:=|<<)(.*)$/g

/**
 * Names that a text writes to `target`, a pattern for the file's name: by echo and printf, in a here-document, in a group whose output
 * goes there. A line that writes elsewhere does not count.
 */
export function writtenTo(text: string, target: RegExp): readonly Written[] {
  if (!target.test(text)) return []
  const out: Written[] = []
  let body: string | undefined
  let start = 0
  for (const line of text.split('\n')) {
    const end = start + line.length
    if (body !== undefined) {
      if (line.trim() === body) body = undefined
      else take(line, assigned)
    } else {
      const here = /<<-?\s*\\?["']?(\w+)/.exec(line)
      if (here && target.test(line) && !/<<<|echo|printf/.test(line)) body = here[1]!
      else if (!/>>?|\btee\b/.test(line) || target.test(line)) take(line, echoed)
    }
    start = end + 1
  }
  return out

  function take(line: string, pattern: RegExp): void {
    for (const one of line.matchAll(pattern)) {
      const value = one[2]!.replace(/\s*>>.*$/, '')
      const plain = value !== '' && !/[$`\\%]/.test(value)
      out.push({ name: one[1]!, start, end: start + line.length, ...(plain ? { value } : {}) })
    }
  }
}
