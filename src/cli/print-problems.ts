import { type Problem, problemLine } from './problem'
import type { Paint, Terminal } from './terminal'

/** A problem as a line of text, in the colour of its weight. */
export function printProblem(problem: Problem, paint: Paint): string {
  const look = problem.severity === 'error' ? 'red' : 'yellow'
  return problemLine(problem).replace(`: ${problem.severity}: `, () => `: ${paint(look, problem.severity)}: `)
}

/** All of them, beside what was asked for. */
export function printProblems(problems: readonly Problem[], terminal: Terminal): void {
  for (const problem of problems) terminal.err(printProblem(problem, terminal.paintErr))
}
