import { pivotOf, told } from '../../src/release/ask.ts'
import { shown } from '../../src/release/frameworks.ts'
import { rule } from '../../src/rule/rule.ts'

export default rule({
  on: 'release',
  severity: 'info',
  finds: 'Nothing asks the new release whether it works, or the question cannot be answered with no.',
  hazard:
    'A release that answers every request with an error is reported as a success; the first to notice are its users, on a Friday evening.',
  instead:
    'End with a question that fails the release: `curl -fsS --retry 5 https://example.org/health`, of every site and not only one.',
  since: '0.1.0',
  *check(release) {
    const pivot = pivotOf(release)
    const asks = release.all('smoke test').filter((step) => step.runs !== 'after a failure')
    const vain = asks.filter((step) => step.detail.what === 'never fails' && !checksCode(step.text))
    const real = asks.length > vain.length
    if (real) return
    const last = vain.at(-1)
    if (last) {
      yield {
        at: last.at,
        says: `${shown(last)} succeeds on every answer, also on an error page: add \`--fail\``,
        because: [told(pivot, 'the release it should check')],
      }
    } else if (release.lacksAfter(pivot, 'smoke test').answer === 'yes') {
      yield { at: pivot.at, says: `nothing asks the site after ${shown(pivot)} whether it works` }
    }
  },
})

const checksCode = (text: string): boolean => /http_code|response_code|grep|status/i.test(text)
