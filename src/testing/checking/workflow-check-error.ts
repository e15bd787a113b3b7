import type { CounterExample } from './counter-example'

/** Thrown by `checkWorkflows`: some properties do not hold, or were never put to the test. The text is the story. */
export class WorkflowCheckError extends Error {
  override readonly name = 'WorkflowCheckError'
  readonly code = 'workflow-check-failed'
  readonly counterExamples: readonly CounterExample[]
  /** Names of properties that no story of this check had anything to say about. */
  readonly untried: readonly string[]

  constructor(counterExamples: readonly CounterExample[], untried: readonly string[]) {
    super([...counterExamples.map(told), ...untried.map(toldUntried)].join('\n\n'))
    this.counterExamples = counterExamples
    this.untried = untried
  }
}

function told({ property, breach, story, replay }: CounterExample): string {
  const lines = [`This does not hold: ${property}`, ...story.map((line) => `  ${line}`), `  But ${breach}.`]
  const { seed, path } = replay
  return [...lines, `Again: checkWorkflows(desk, properties, { replay: ${shown({ property, seed, path })} })`].join(
    '\n',
  )
}

function shown({ property, seed, path }: CounterExample['replay']): string {
  return `{ property: ${JSON.stringify(property)}, seed: ${seed}, path: ${JSON.stringify(path)} }`
}

function toldUntried(property: string): string {
  const hint = 'No story had a request of that kind at such a time; look for a misspelt fact, value or shift.'
  return `This was never put to the test: ${property}\n  ${hint}`
}
