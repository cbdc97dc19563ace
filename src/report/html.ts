import { cellsOf } from './cells.ts'
import { filesInPart, standing, type Place, type ReportData, type Shown } from './report.ts'
import { escaped } from './xml.ts'

/** One self-contained page: no script, nothing loaded from elsewhere. */
export function htmlReport(data: ReportData, textOf: (file: string) => string | undefined): string {
  const found = standing(data)
  const { coverage } = data
  const read = coverage.whole + filesInPart(coverage)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>shiplint: ${found.length} findings</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
article { border-left: 4px solid #888; margin: 1.5rem 0; padding: .25rem 1rem; background: #f6f6f6 }
.error { border-color: #c22 } .warning { border-color: #d80 } .info { border-color: #38c }
pre { overflow-x: auto; background: #fff; padding: .5rem; margin: .25rem 0 } mark { background: #fd8 } .here mark { background: #f99 }
h2 { font-size: 1rem; margin: .25rem 0 }
</style>
</head>
<body>
<h1>shiplint</h1>
<p>${found.length} findings; checked ${read} of ${coverage.files} files, ${filesInPart(coverage)} in part</p>
${found.map((one) => articleOf(one, textOf)).join('\n')}
${listOf(
  'Read in part',
  coverage.part.map((part) => `${part.file}:${part.line} ${part.reason}`),
)}
${listOf(
  'Not read',
  coverage.skipped.map((file) => `${file.file}: ${file.reason}`),
)}
</body>
</html>
`
}

function articleOf(one: Shown, textOf: (file: string) => string | undefined): string {
  const places = one.because.map((label) => `<li>${escaped(label.message)}${codeOf(label, textOf, 'trail')}</li>`)
  return `<article class="${one.severity}">
<h2>${one.severity} <a href="${escaped(one.url)}">${escaped(one.rule)}</a> ${escaped(one.file)}:${one.line}:${one.column}</h2>
<p>${escaped(one.message)}</p>
<ol>${places.join('')}<li>here${codeOf(one, textOf, 'here')}</li></ol>
<p>${escaped(one.hazard)}</p>
<p>${escaped(one.instead)}</p>
</article>`
}

function codeOf(place: Place, textOf: (file: string) => string | undefined, name: string): string {
  const line = (textOf(place.file) ?? '').split('\n')[place.line - 1] ?? ''
  const end = place.endLine === place.line ? place.endColumn - 1 : line.length
  let out = ''
  for (const cell of cellsOf(line)) {
    if (cell.at === place.column - 1) out += '<mark>'
    out += escaped(cell.shown)
    if (cell.at < end && cell.at + 1 >= end && cell.at >= place.column - 1) out += '</mark>'
  }
  if (out.includes('<mark>') && !out.includes('</mark>')) out += '</mark>'
  return `<pre class="${name}">${escaped(place.file)}:${place.line}  ${out}</pre>`
}

function listOf(title: string, rows: readonly string[]): string {
  if (rows.length === 0) return ''
  return `<h2>${title}</h2>\n<ul>${rows.map((row) => `<li>${escaped(row)}</li>`).join('')}</ul>`
}
