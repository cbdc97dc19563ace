import { expect, test } from 'vitest'
import type { Flow, Step, StepKind } from '../../src/release/model.ts'
import { lack, orderOf } from '../../src/release/order.ts'

const at = { file: 'x', start: 0, end: 1 }
const made = (kind: StepKind, more: Partial<Step> = {}): Flow => ({
  step: { kind, detail: {}, at, text: kind, via: [], runs: 'always', failing: 'stops', actsOn: 'here', ...more },
})

test('what stands later in a list runs later', () => {
  const order = orderOf({ inOrder: [made('install'), { inOrder: [made('switch'), made('reload')] }] })
  const [install, change, reload] = order.steps as [Step, Step, Step]
  expect(order.before(install, change)).toBe('yes')
  expect(order.before(reload, install)).toBe('no')
  expect(order.before(change, change)).toBe('no')
})

test('jobs run after those that they need, and beside the others', () => {
  const order = orderOf({
    jobs: [
      { name: 'deploy', flow: made('switch'), after: ['build'] },
      { name: 'build', flow: made('build'), after: [] },
      { name: 'check', flow: made('smoke test'), after: ['deploy'] },
      { name: 'lint', flow: made('test'), after: [] },
    ],
  })
  expect(order.steps.map((step) => step.kind)).toEqual(['build', 'switch', 'smoke test', 'test'])
  const [build, change, check, lint] = order.steps as [Step, Step, Step, Step]
  expect(order.before(build, check)).toBe('yes')
  expect(order.before(check, change)).toBe('no')
  expect(order.before(lint, change)).toBe('unknown')
})

test('a circle of jobs is no endless walk', () => {
  const order = orderOf({
    jobs: [
      { name: 'a', flow: made('build'), after: ['b'] },
      { name: 'b', flow: made('switch'), after: ['a', 'gone'] },
    ],
  })
  expect(order.steps).toHaveLength(2)
})

test('absence is claimed only when nothing that was not read could do it', () => {
  const answer = (...after: readonly Flow[]): string => {
    const order = orderOf({ inOrder: [made('reload'), made('switch'), ...after] })
    return lack(order, order.steps[1], 'reload').answer
  }
  expect(answer()).toBe('yes')
  expect(answer(made('reload'))).toBe('no')
  expect(answer(made('reload', { runs: 'after a failure' }))).toBe('yes')
  expect(answer(made('reload', { actsOn: 'db.example' }))).toBe('yes')
  expect(answer(made('reload', { actsOn: '$HOST' }))).toBe('unknown')
  expect(answer(made('reload', { detail: { vain: 'it reloads nothing' } }))).toBe('yes')
  expect(answer(made('opaque'))).toBe('unknown')
  expect(answer(made('opaque', { detail: { could: ['migrate'] } }))).toBe('yes')
  expect(answer(made('opaque', { actsOn: 'db.example' }))).toBe('yes')
})
