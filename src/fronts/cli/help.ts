/** What `--help` prints. */
export function help(): string {
  return `Shiplint says, before the release, what would take the site down.

  shiplint [lint] [paths…]        lint a repository, or what of it is given (default: .)
  shiplint explain RULE           a rule's page
  shiplint explain FILE:LINE      what was read at a line, and why it is silent or not
  shiplint rules                  every rule in a line
  shiplint plan [paths…]          each release found, step by step
  shiplint baseline [paths…]      write today's findings to a file that --baseline reads

  --format FORMAT                 text, json, sarif, github, gitlab, junit, checkstyle, rdjson, html
  --fail-on SEVERITY              error, warning, info or never (default: warning)
  --only RULE…, --skip RULE…      ask only these rules, or all but these
  --fix, --fix-unsafe             write safe fixes, or the first of either kind; --dry-run shows them instead
  --staged                        lint what is about to be committed, as git's index has it
  --since REV                     report only what touches lines changed since a revision
  --baseline FILE                 do not report what the file already lists
  --config FILE, --no-config      another settings file than shiplint.config.json or .yaml, or none
  --stdin-filename NAME -         lint standard input as the file of that name
  --strict                        exit 3 when something could not be read whole
  --quiet, --color WHEN, --output FILE, --stats, --version

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the run itself failed, 3 with --strict: read in part.
Allow a finding with a comment above it or at its end: # shiplint-allow RULE: reason
`
}
