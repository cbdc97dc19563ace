import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Source } from '../../source/source.ts'
import { reasonOf } from './failure.ts'

/** A project's files as a front reads them: each when it is first asked for, and why some were not. */
export interface Tree {
  readonly root: string
  readonly files: readonly Source[]
  /** Why a file was not read; `` when it is not there any more and does not count. */
  refused(file: string): string | undefined
  /** Files that are another name of a file of this project (a link): they can be looked up, and are not reported on. */
  isAlias(file: string): boolean
  /** The bytes that stand for a text of this file, in the encoding in which it was read. */
  encode(file: string, text: string): Buffer
}

/** A file above this is not read: no script or configuration that a person wrote is that large. */
export const mostBytes = 4 << 20

const headBytes = 4096

/** A project on disk. Links lead nowhere outside it. */
export function treeOnDisk(root: string, files: readonly string[]): Tree {
  const refused = new Map<string, string>()
  const latin = new Set<string>()
  const aliases = new Set<string>()
  const realRoot = realpathSync(root)
  const open = (file: string): number | undefined => {
    try {
      const full = path.join(root, file)
      const real = realpathSync(full)
      if (real !== path.join(realRoot, file)) {
        if (!real.startsWith(realRoot === '/' ? '/' : realRoot + path.sep)) {
          refused.set(file, 'a link that leads out of the project')
          return undefined
        }
        aliases.add(file)
      }
      return openSync(real, 'r')
    } catch (error) {
      refused.set(file, (error as { code?: string }).code === 'ENOENT' ? '' : reasonOf(error))
      return undefined
    }
  }
  const read = (file: string): string => {
    const descriptor = open(file)
    if (descriptor === undefined) return ''
    try {
      const stat = fstatSync(descriptor)
      if (!stat.isFile()) refused.set(file, stat.isDirectory() ? '' : 'not a regular file')
      else if (stat.size > mostBytes) refused.set(file, tooLarge(stat.size))
      else return decode(file, readFileSync(descriptor), refused, latin)
    } catch (error) {
      refused.set(file, reasonOf(error))
    } finally {
      closeSync(descriptor)
    }
    return ''
  }
  const head = (file: string): string => {
    const descriptor = open(file)
    if (descriptor === undefined) return ''
    try {
      if (!fstatSync(descriptor).isFile()) return ''
      const bytes = Buffer.alloc(headBytes)
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, headBytes, 0))
    } catch {
      return ''
    } finally {
      closeSync(descriptor)
    }
  }
  return {
    root,
    files: files.map((file) =>
      lazySource(
        file,
        () => read(file),
        () => head(file),
      ),
    ),
    refused: (file) => refused.get(file),
    isAlias: (file) => aliases.has(file),
    encode: (file, text) => Buffer.from(text, latin.has(file) ? 'latin1' : 'utf8'),
  }
}

/** A source whose text is read when first asked for, once. */
export function lazySource(file: string, read: () => string, head: () => string): Source {
  let text: string | undefined
  let first: string | undefined
  return {
    file,
    get text() {
      return (text ??= read())
    },
    get head() {
      return text?.slice(0, headBytes) ?? (first ??= head())
    },
  }
}

/** A file's text out of its bytes; why not goes into `refused`. Bytes that are not UTF-8 are taken for Latin-1, one character each. */
export function decode(file: string, bytes: Buffer, refused: Map<string, string>, latin: Set<string>): string {
  if (bytes.length > mostBytes) {
    refused.set(file, tooLarge(bytes.length))
    return ''
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    refused.set(file, 'UTF-16, not UTF-8: no shell or server would read it either')
    return ''
  }
  if (bytes.subarray(0, 8192).includes(0)) {
    refused.set(file, 'binary')
    return ''
  }
  if (isUtf8(bytes)) return bytes.toString('utf8')
  latin.add(file)
  return bytes.toString('latin1')
}

function tooLarge(bytes: number): string {
  return `larger than ${mostBytes >> 20} MB (${(bytes / (1 << 20)).toFixed(1)} MB)`
}
