import type { ComparedFigure, Comparison, FigureName } from '../simulation'
import { decimal, noFigure, percent, points, span } from './figures'
import type { Paint } from './terminal'
import { type Column, textTable } from './text-table'

/** What each figure of a comparison is called, how it is written, and whether less of it is better. */
export const comparedNames: {
  readonly [Name in FigureName]: {
    readonly name: string
    readonly isLessBetter: boolean
    told(value: number): string
    readonly toldDifference?: (value: number) => string
  }
} = {
  meanWaitMs: { name: 'mean wait', isLessBetter: true, told: span },
  p90WaitMs: { name: '90 % wait less than', isLessBetter: true, told: span },
  p99WaitMs: { name: '99 % wait less than', isLessBetter: true, told: span },
  serviceLevel: { name: 'service level', isLessBetter: false, told: percent, toldDifference: points },
  abandonment: { name: 'abandoned', isLessBetter: true, told: percent, toldDifference: points },
  unattendedShare: { name: 'unattended for a while', isLessBetter: true, told: percent, toldDifference: points },
  stillOpen: { name: 'still open at the end', isLessBetter: true, told: decimal },
  meanQueueLength: { name: 'mean queue', isLessBetter: true, told: decimal },
  occupancy: { name: 'occupancy', isLessBetter: false, told: percent, toldDifference: points },
}

/** Two sets of workflows beside each other, as text. */
export function comparisonLines({ a, b, seeds, confidence, figures }: Comparison, paint: Paint): string[] {
  const columns: Column[] = [{ title: 'figure' }, ...['A', 'B', 'B less A', ''].map(right)]
  const title = paint('bold', `Compared on ${seeds.length} days`)
  return [
    '',
    `${title}: A is ${a.name}, B is ${b.name}; ± is ${percent(confidence)} confidence`,
    ...textTable(
      columns,
      figures.map((figure) => rowOf(figure)),
      paint,
    ),
  ]
}

function right(title: string): Column {
  return { title, align: title === '' ? 'left' : 'right' }
}

function rowOf({ figure, a, b, difference, isClear }: ComparedFigure): string[] {
  const { name, told, toldDifference = told } = comparedNames[figure]
  const { mean, halfWidth } = difference
  const range = halfWidth === null ? '' : ` ± ${toldDifference(halfWidth)}`
  return [
    name,
    told(a.mean),
    told(b.mean),
    `${mean > 0 ? '+' : ''}${toldDifference(mean)}${range}`,
    verdictOn(figure, mean, isClear),
  ]
}

/** `better`, `worse`, or that it cannot be told; more occupancy is neither. */
export function verdictOn(figure: FigureName, difference: number, isClear: boolean | null): string {
  if (isClear === null) return noFigure
  if (!isClear) return 'no clear difference'
  if (figure === 'occupancy') return difference > 0 ? 'more' : 'less'
  return difference < 0 === comparedNames[figure].isLessBetter ? 'B is better' : 'B is worse'
}
