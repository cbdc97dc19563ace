import type { CapistranoProgram, Task } from './program.ts'

/** A program as one stage sees it: what other stages' files say is left out. Undefined: production, else the first. */
export function asStage(program: CapistranoProgram, wanted?: string): CapistranoProgram {
  const stage = wanted ?? program.stages.find((name) => /^prod/.test(name)) ?? program.stages[0]
  if (stage === undefined) return program
  const isOwn = (one: { readonly stage?: string }): boolean => one.stage === undefined || one.stage === stage
  const tasks = new Map<string, Task>()
  for (const [name, task] of program.tasks) {
    const blocks = task.blocks.filter(isOwn)
    // A task that only another stage has is none here.
    if (blocks.length > 0 || task.blocks.length === 0) tasks.set(name, { ...task, blocks })
  }
  return {
    ...program,
    stage,
    tasks,
    hooks: program.hooks.filter(isOwn),
    settings: program.settings.filter(isOwn),
    servers: program.servers.filter(isOwn),
  }
}

/** Whether a stage releases in a way of its own: other steps or other shared paths; hosts, branches and numbers do not count. */
export function differs(program: CapistranoProgram, stage: string): boolean {
  const counts = /^(linked_|shared_|deploy_via|conditionally_migrate|migration_role)/
  const own = (one: { readonly stage?: string }): boolean => one.stage === stage
  return (
    program.hooks.some(own) ||
    program.settings.some((one) => own(one) && counts.test(one.name)) ||
    [...program.tasks.values()].some((task) => task.blocks.some(own))
  )
}
