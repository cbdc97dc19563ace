/** Whether a path with `/` matches a glob: `*` within a name, `**` across names, `?`, `{a,b}`, `[…]`; a glob without `/` matches at any depth. */
export function matchesGlob(glob: string, file: string): boolean {
  return globExpression(glob).test(file)
}

const made = new Map<string, RegExp>()

function globExpression(glob: string): RegExp {
  let expression = made.get(glob)
  if (!expression) made.set(glob, (expression = new RegExp(source(glob))))
  return expression
}

function source(glob: string): string {
  const anywhere = !glob.replace(/\/$/, '').includes('/')
  let out = anywhere ? '^(?:.*/)?' : '^'
  const text = glob.replace(/^\.?\//, '')
  let braces = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '*' && text[i + 1] === '*') {
      const slash = text[i + 2] === '/'
      out += slash ? '(?:.*/)?' : '.*'
      i += slash ? 2 : 1
    } else if (char === '*') out += '[^/]*'
    else if (char === '?') out += '[^/]'
    else if (char === '{') {
      out += '(?:'
      braces++
    } else if (char === '}' && braces > 0) {
      out += ')'
      braces--
    } else if (char === ',' && braces > 0) out += '|'
    else if (char === '[' && text.indexOf(']', i + 2) !== -1) {
      const end = text.indexOf(']', i + 2)
      out += `[${text
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`
      i = end
    } else out += char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  }
  out += ')'.repeat(braces)
  // A directory's name takes all that is below it.
  return out + (text.endsWith('/') ? '.*$' : '(?:/.*)?$')
}
