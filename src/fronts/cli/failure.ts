/** An error that is the user's to mend: it is said on stderr without a stack, and the run exits 2. */
export function failure(message: string): Error {
  const error = new Error(message)
  error.name = 'Failure'
  return error
}

/** Whether an error was made by `failure`. */
export function isFailure(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Failure'
}

/** What a system error says to a person: `no such file or directory`. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: string }).code
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
    ELOOP: 'its links lead in a circle',
    ENOTDIR: 'a part of its path is not a directory',
  }
  return (code && known[code]) ?? (error instanceof Error ? error.message : String(error))
}
