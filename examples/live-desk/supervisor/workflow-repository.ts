import { type Desk, InvalidInputError, type Shift, type Staff } from 'frontbell'
import { jsonSchemas } from 'frontbell/routing'
import type { RecentRequests } from '../recent-requests'
import { problemsOf, reviewWorkflows } from './review-workflows'
import type { Review, SaveResult, Vocabulary, WorkflowRevision } from './supervisor-protocol'

export interface WorkflowRepositoryOptions {
  readonly desk: Desk
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly recent: RecentRequests
}

const factNames = ['topic', 'country', 'language', 'page', 'customer', 'name', 'question']
// biome-ignore format: a list of names reads best in rows
const operators = [
  'equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain', 'lessThan', 'lessThanInclusive', 'greaterThan',
  'greaterThanInclusive',
]

/** The server side of the workflow editor. */
export class WorkflowRepository {
  readonly #parts: WorkflowRepositoryOptions

  constructor(parts: WorkflowRepositoryOptions) {
    this.#parts = parts
  }

  current(): WorkflowRevision {
    const { workflows, revision } = this.#parts.desk
    return {
      workflows,
      revision,
      schema: jsonSchemas().workflows,
      vocabulary: this.#vocabulary(),
    }
  }

  review(workflows: unknown): Promise<Review> {
    return reviewWorkflows(workflows, { ...this.#parts, recent: this.#parts.recent.list() })
  }

  /** Fails if the workflows are malformed, or if others were saved since the revision `basedOn`. */
  async save(workflows: unknown, { basedOn, reroute }: { basedOn: unknown; reroute: boolean }): Promise<SaveResult> {
    try {
      const options = { reroute, ifRevision: basedOn as number }
      const outcome = await this.#parts.desk.setWorkflows(workflows as readonly unknown[], options)
      if (!outcome.ok) return { ok: false, reason: outcome.code === 'conflict' ? 'changed-meanwhile' : 'failed' }
      const rerouted = 'rerouted' in outcome ? Number(outcome.rerouted) : 0
      return { ok: true, current: this.current(), rerouted }
    } catch (error) {
      if (error instanceof InvalidInputError) return { ok: false, reason: 'problems', problems: problemsOf(error) }
      console.error(error)
      return { ok: false, reason: 'failed' }
    }
  }

  #vocabulary(): Vocabulary {
    const { staff, shifts } = this.#parts
    const sorted = (words: readonly string[]) => [...new Set(words)].sort()
    return {
      staff: staff.map(({ id }) => id),
      team: sorted(staff.flatMap(({ teams = [] }) => teams)),
      shift: shifts.map(({ id }) => id),
      skills: sorted(staff.flatMap(({ skills = {} }) => Object.keys(skills))),
      fact: factNames,
      operator: operators,
    }
  }
}
