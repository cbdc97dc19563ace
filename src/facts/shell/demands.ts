import { exact, headOf, parseOptions } from './options.ts'
import type { Word } from './script.ts'
import { emptiness, type State } from './state.ts'
import { originsOf, valueOf, type Origin, type Part, type Value } from './value.ts'

/** Programs that fail when this operand is the empty text: the 1st, the 2nd, or each of them. */
const refuses: Readonly<Record<string, 1 | 2 | 'each'>> = {
  id: 1,
  stat: 'each',
  ls: 'each',
  mkdir: 'each',
  rmdir: 'each',
  getent: 2,
  groups: 1,
  passwd: 1,
  usermod: 1,
  userdel: 1,
  useradd: 1,
  adduser: 1,
  deluser: 1,
  groupadd: 1,
  groupdel: 1,
}

const valued = 'aAbcdefgGkKlLmopPrRsSuUvZ'
const specs: Readonly<Record<string, string>> = {
  id: '',
  stat: 'cf',
  ls: 'IwT',
  mkdir: 'mZ',
  rmdir: '',
  getent: 's',
  groups: '',
}

/** What must not be empty for this program to succeed: its operand, or what a pattern finds only between its own signs. */
export function demanded(name: string, words: readonly Word[]): readonly Value[] {
  const place = Object.hasOwn(refuses, name) ? refuses[name]! : undefined
  if (place !== undefined) {
    const { operands } = parseOptions(words.slice(1), { short: specs[name] ?? valued })
    const asked = place === 'each' ? operands : operands.slice(place - 1, place)
    // Without quotes an empty operand is gone, and `id` then tells of oneself.
    return asked.flatMap((word) => (word.many || word.fields.length !== 1 ? [] : [word.fields[0]!]))
  }
  if (!/^[efz]?grep$/.test(name)) return []
  const { operands, options } = parseOptions(words.slice(1), { short: 'efmABCd' })
  if (options.has('-v') || options.has('--invert-match')) return []
  const pattern = (options.get('-e')?.[0] ?? operands[0])?.fields[0]
  const found = pattern?.ways.map(between) ?? []
  // On each way of the pattern: the name that it was put together from is one of several origins.
  return found.every((values) => values.length > 0) ? found.flat() : []
}

/** `^$name:`, `'$name'`, `="$name"`: the parts of a pattern that stand between two signs. Without them nothing is found. */
function between(way: readonly Part[]): readonly Value[] {
  return way.flatMap((part, i) => {
    const [before, after] = [way[i - 1], way[i + 1]]
    if (!('of' in part) || !before || !after || 'of' in before || 'of' in after) return []
    const signs = `${before.text.slice(-1)}${after.text.slice(0, 1)}`
    return /^[\^'"=:/@<>([{|,;#-][:'"/=@<>)\]}|,;#]$/.test(signs) ? [valueOf(part.of)] : []
  })
}

/** Functions of a file that was not read, by their name: `error "…"`, `usage`, `log_fatal`. They may end the script. */
export const mayEnd = (name: string): boolean =>
  /^_*((err(or)?|fail(ed|ure|s)?|terminate|quit|throw|raise)([_-]\w+)?|(\w+[_-])?(usage|help)|\w+[_-](fail|die|abort|fatal))$/i.test(
    name,
  ) || /[a-z](Error|Usage|Abort|Exit|Fail)$/.test(name)

/** Functions of a file that was not read, by their name: `check_domain "$1"`. What they are given they may have refused. */
export const mayRefuse = (name: string): boolean =>
  /^_*(\w+[_-])?(valid|validate|verify|check|require|required|ensure|assert|is|must|need|needs|sanitize|exists?)([_-]\w+)*$/i.test(
    name,
  ) || /^(check|verify|validate|require|ensure|assert)[A-Z]/.test(name)

/** The origins that a call hands over, as far as they can be empty here. */
export function handedOver(state: State, words: readonly Word[]): readonly Origin[] {
  return words
    .slice(1)
    .filter((word) => !headOf(word).startsWith('-') || exact(word) === undefined)
    .flatMap((word) => word.fields.flatMap(originsOf))
    .filter((origin) => emptiness(state, origin) === 'maybe')
}
