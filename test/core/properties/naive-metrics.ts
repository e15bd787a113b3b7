import type { DeskState, DomainEvent, Edge, MetricsView } from '../../../src/core'

interface Happening {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
}

interface Span {
  readonly staffId: string
  readonly isBusy: boolean
  readonly from: number
  until: number
}

/** The figures again, the slow way: keeps everything that ever happened and counts it when asked. */
export class NaiveMetrics {
  readonly #happened: Happening[] = []
  readonly #spans: Span[] = []
  readonly #waits: { readonly at: number; readonly waitMs: number }[] = []
  readonly #taken = new Set<string>()
  readonly #openedAt = new Map<string, number>()

  record(state: DeskState, event: DomainEvent, edges: readonly Edge[]): void {
    this.#happened.push({ event, edges })
    if (event.type === 'request.opened') this.#openedAt.set(event.requestId, event.at)
    if (event.type === 'request.accepted') this.#accepted(event.requestId, event.at)
    this.look(state, event.at)
  }

  /** Writes down how long everybody has been what they are. */
  look(state: DeskState, at: number): void {
    for (const span of this.#spans.filter(isOpen)) {
      if (statusOf(state, span.staffId)?.isBusy !== span.isBusy) span.until = at
    }
    for (const staffId of state.staff.keys()) {
      const now = statusOf(state, staffId)
      if (now !== null && !this.#spans.some((span) => span.staffId === staffId && isOpen(span))) {
        this.#spans.push({ staffId, isBusy: now.isBusy, from: at, until: Number.POSITIVE_INFINITY })
      }
    }
  }

  view(state: DeskState, at: number, { windowMs, serviceLevelMs }: { windowMs: number; serviceLevelMs: number }) {
    const stepMs = windowMs / 60
    const start = (Math.floor(at / stepMs) - 59) * stepMs
    const inside = this.#happened.filter(({ event }) => event.at >= start)
    const waits = this.#waits.filter((wait) => wait.at >= start).map(({ waitMs }) => waitMs)
    const closed = (outcome: string) => inside.filter(({ event }) => 'outcome' in event && event.outcome === outcome)
    const of = (type: string) => inside.filter(({ event }) => event.type === type)
    const abandoned = closed('abandoned').length
    const answered = waits.length + abandoned
    const rows = new Map([...this.#people()].map((staffId) => [staffId, this.#row(staffId, { inside, start, at })]))
    return {
      offered: of('request.opened').length,
      accepted: waits.length,
      abandoned,
      cancelled: closed('cancelled').length,
      expired: closed('expired').length,
      unattended: of('request.unattended').length,
      share: answered === 0 ? null : waits.filter((waitMs) => waitMs <= serviceLevelMs).length / answered,
      waits: waits.sort((a, b) => a - b),
      occupancy: occupancyOf(sumOf([...rows.values()])),
      staff: rows,
      teams: this.#teams(state, rows),
    }
  }

  #accepted(requestId: string, at: number): void {
    const openedAt = this.#openedAt.get(requestId)
    if (openedAt === undefined || this.#taken.has(requestId)) return
    this.#taken.add(requestId)
    this.#waits.push({ at, waitMs: at - openedAt })
  }

  #people(): Set<string> {
    const audience = this.#happened.flatMap(({ edges }) => edges.flatMap(({ staffIds }) => staffIds))
    const named = this.#happened.flatMap(({ event }) =>
      'staffId' in event && typeof event.staffId === 'string' ? [event.staffId] : [],
    )
    return new Set([...audience, ...named, ...this.#spans.map(({ staffId }) => staffId)])
  }

  #row(staffId: string, { inside, start, at }: { inside: readonly Happening[]; start: number; at: number }): Row {
    const of = (type: string) =>
      inside.filter(({ event }) => event.type === type && 'staffId' in event && event.staffId === staffId).length
    const rings = inside.flatMap(({ edges }) => edges.filter(({ type }) => type === 'ring'))
    const spans = this.#spans.filter((span) => span.staffId === staffId)
    const lengthOf = (each: readonly Span[]) =>
      each.reduce((sum, { from, until }) => sum + Math.max(0, Math.min(at, until) - Math.max(start, from)), 0)
    return {
      offered: rings.filter(({ staffIds }) => staffIds.includes(staffId)).length,
      accepted: of('request.accepted'),
      missed: of('offer.expired'),
      muted: of('request.muted'),
      declined: of('request.declined'),
      staffedMs: lengthOf(spans),
      busyMs: lengthOf(spans.filter(({ isBusy }) => isBusy)),
    }
  }

  #teams(state: DeskState, rows: ReadonlyMap<string, Row>): Map<string, Row> {
    const teams = new Map<string, Row>()
    for (const [staffId, row] of rows) {
      for (const team of state.staff.get(staffId)?.record.teams ?? []) {
        teams.set(team, sumOf([teams.get(team) ?? emptyRow, row]))
      }
    }
    return teams
  }
}

export interface Row {
  readonly offered: number
  readonly accepted: number
  readonly missed: number
  readonly muted: number
  readonly declined: number
  readonly staffedMs: number
  readonly busyMs: number
}

const emptyRow: Row = { offered: 0, accepted: 0, missed: 0, muted: 0, declined: 0, staffedMs: 0, busyMs: 0 }

export function occupancyOf({ staffedMs, busyMs }: Row): number | null {
  return staffedMs === 0 ? null : busyMs / staffedMs
}

/** What a view says of somebody, with those left out of whom there is nothing to say. */
export function toComparable(rows: MetricsView['staff'] | MetricsView['teams']): Map<string, object> {
  const named = rows.map((row) => {
    const { staffId = '', team = '', occupancy, ...counts } = row as typeof row & { staffId?: string; team?: string }
    return [staffId + team, { ...counts, occupancy: rounded(occupancy) }] as const
  })
  return new Map(
    named.filter(([, row]) => Object.values(row).some((value) => value !== 0 && value !== null)).sort(byName),
  )
}

export function expected(rows: ReadonlyMap<string, Row>): Map<string, object> {
  const named = [...rows].map(([name, row]) => {
    const { staffedMs: _, busyMs: __, ...counts } = row
    return [name, { ...counts, occupancy: rounded(occupancyOf(row)) }] as const
  })
  return new Map(
    named.filter(([, row]) => Object.values(row).some((value) => value !== 0 && value !== null)).sort(byName),
  )
}

function byName([one]: readonly [string, object], [other]: readonly [string, object]): number {
  return one < other ? -1 : 1
}

/** Sums in another order differ in the last digits. */
export function rounded(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1e9) / 1e9
}

function isOpen({ until }: Span): boolean {
  return until === Number.POSITIVE_INFINITY
}

function statusOf(state: DeskState, staffId: string): { readonly isBusy: boolean } | null {
  const staff = state.staff.get(staffId)
  if (staff === undefined || staff.availability !== 'available') return null
  return staff.sessions.size > 0 || staff.graceSinceAt !== null ? { isBusy: staff.load > 0 } : null
}

function sumOf(rows: readonly Row[]): Row {
  const sum: { -readonly [Key in keyof Row]: Row[Key] } = { ...emptyRow }
  for (const row of rows) for (const key of Object.keys(sum) as (keyof Row)[]) sum[key] += row[key]
  return sum
}
