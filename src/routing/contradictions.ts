import type { Condition } from './condition'
import { normalForm, type Term } from './normal-form'
import { isPossible } from './possible'
import type { NamedConditions } from './workflow'

const toldMax = 5

/** Why a condition can never hold, in words; nothing where that is not sure. */
export function contradictionsOf(condition: Condition, named: NamedConditions): string[] {
  const refused: Term[] = []
  const terms = normalForm(condition, named, (term) => refused.push(term))
  if (terms === null || terms.length > 0) return []
  return [...new Set(refused.slice(0, toldMax).map(clash))]
}

/** The fewest of the literals that cannot hold together: they are about one fact. */
function clash(term: Term): string {
  const subjects = new Set(term.map(({ subject }) => subject))
  const about = [...subjects].map((subject) => term.filter((literal) => literal.subject === subject))
  let fewest = about.find((literals) => !isPossible(literals)) ?? term
  for (const literal of fewest) {
    const others = fewest.filter((one) => one !== literal)
    if (!isPossible(others)) fewest = others
  }
  const told = fewest.map((literal) => literal.told).join(' and ')
  return `${fewest[0]?.fact} is never ${fewest.length > 1 ? 'at the same time ' : ''}${told}`
}
