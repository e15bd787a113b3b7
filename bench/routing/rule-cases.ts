/** Workflows and requests of the routing bench; every request matches one workflow unless it is a miss. */
export interface RuleCase {
  readonly rules: readonly BenchRule[]
  /** The nth request. */
  request(index: number): Record<string, string | number>
}

export interface BenchRule {
  readonly name: string
  /** All equalities must hold. */
  readonly equal: Readonly<Record<string, string | number>>
}

const pages = (index: number) => `/page/${index}`

/** Each workflow has its own page, one of a hundred countries and one of twenty topics. */
export function plainCase(count: number): RuleCase {
  const rules = Array.from({ length: count }, (_, index) => ({
    name: `w${index}`,
    equal: { country: `C${index % 100}`, topic: `T${index % 20}`, page: pages(index) },
  }))
  return { rules, request: (index) => requestFor(rules, index) }
}

/** Four of five workflows share one country and one topic. */
export function sharedCase(count: number): RuleCase {
  const rules = Array.from({ length: count }, (_, index) => {
    const isShared = index % 5 !== 0
    const country = isShared ? 'US' : `C${index % 100}`
    return { name: `w${index}`, equal: { country, topic: isShared ? 'server' : `T${index % 20}`, page: pages(index) } }
  })
  return { rules, request: (index) => requestFor(rules, index) }
}

/** A thousand sets of facts: each workflow compares two facts that few others compare. */
export function manySetsCase(count: number): RuleCase {
  const rules = Array.from({ length: count }, (_, index) => ({
    name: `w${index}`,
    equal: { country: `C${index % 100}`, [`fact${index % 1_000}`]: `V${Math.floor(index / 1_000)}` },
  }))
  return { rules, request: (index) => requestFor(rules, index) }
}

/** The same workflows with requests that none of them matches. */
export function missing({ rules, request }: RuleCase): RuleCase {
  return { rules, request: (index) => ({ ...request(index), country: 'nowhere', page: 'nowhere' }) }
}

export function workflowOf({ name, equal }: BenchRule): object {
  return { name, conditions: conditionsOf(equal), event: { type: 'route', params: { to: { team: name } } } }
}

export function conditionsOf(equal: BenchRule['equal']) {
  return { all: Object.entries(equal).map(([fact, value]) => ({ fact, operator: 'equal', value })) }
}

/** Requests step through the rules so that none of them is always the first or the last. */
function requestFor(rules: readonly BenchRule[], index: number): Record<string, string | number> {
  const rule = rules[(index * 7_919) % rules.length]
  return { language: 'en', returning: 0, ...rule?.equal }
}
