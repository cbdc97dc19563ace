import { plain, type Paint } from '../../report/text.ts'
import type { Host } from './host.ts'

const codes: Readonly<Record<Parameters<Paint>[0], string>> = {
  error: '1;31',
  warning: '1;33',
  info: '1;36',
  strong: '1',
  dim: '2',
  trail: '36',
  good: '32',
}

const colored: Paint = (kind, text) => `\u001b[${codes[kind]}m${text}\u001b[0m`

/** How to paint: `--color` first, then NO_COLOR and FORCE_COLOR, then whether the output is a terminal. */
export function paintFor(color: 'auto' | 'always' | 'never', host: Host, toFile: boolean): Paint {
  if (color !== 'auto') return color === 'always' ? colored : plain
  const { NO_COLOR, FORCE_COLOR, TERM } = host.env
  if (NO_COLOR) return plain
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '')
    return FORCE_COLOR === '0' || FORCE_COLOR === 'false' ? plain : colored
  return host.columns !== undefined && !toFile && TERM !== 'dumb' ? colored : plain
}

/** The columns that text keeps to. */
export function widthFor(host: Host): number {
  return Math.min(120, Math.max(40, Number(host.env['COLUMNS']) || (host.columns ?? 100)))
}
