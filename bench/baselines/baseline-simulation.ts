/**
 * A simulation of one day as a good programmer would write it by hand: an event loop over plain objects with teams,
 * offers to the longest idle, answers, mutes, patience and chats, but without steps, shifts, reminders, events or other
 * orders; its rules are three equalities in one Map. It counts the same stats; test/bench compares them.
 */
export interface BaselineRule {
  readonly name: string
  readonly country: string
  readonly topic: string
  readonly page: string
  readonly team: string
}

export interface BaselineArrival {
  readonly at: number
  readonly facts: Readonly<Record<string, unknown>>
}

export interface BaselineDay {
  readonly fromAt: number
  readonly untilAt: number
  readonly rules: readonly BaselineRule[]
  readonly staff: readonly { readonly id: string; readonly teams: readonly string[]; readonly capacity: number }[]
  readonly offerTimeoutMs: number
  readonly muteShare: number
  readonly serviceLevelMs: number
  answerMs(): number
  handlingMs(): number
  patienceMs(): number
  chance(): number
}

interface Agent {
  readonly teams: Team[]
  readonly capacity: number
  load: number
  idleSince: number
  offer: Chat | null
  busyMs: number
  since: number
}

interface Team {
  readonly agents: Agent[]
  readonly queue: Chat[]
  readonly counts: Counts
}

interface Chat {
  readonly team: Team
  readonly openedAt: number
  readonly hour: number
  agent: Agent | null
  offers: number
  isOver: boolean
  readonly tried: Set<Agent>
}

interface ScheduledEvent {
  readonly at: number
  readonly what: 'answer' | 'expire' | 'leave' | 'end'
  readonly chat: Chat
  readonly agent: Agent | null
  readonly offer: number
}

class Counts {
  offered = 0
  answered = 0
  abandoned = 0
  inTime = 0
  waitMs = 0
  readonly bins = new Uint32Array(1_024)

  answer(waitMs: number, isInTime: boolean): void {
    this.answered += 1
    this.waitMs += waitMs
    if (isInTime) this.inTime += 1
    const bin = waitMs <= 0 ? 0 : 1 + Math.floor(Math.log(waitMs) * 50)
    this.bins[bin] = (this.bins[bin] ?? 0) + 1
  }
}

export class BaselineSimulation {
  readonly counts = new Counts()
  readonly hours = Array.from({ length: 24 }, () => new Counts())
  busyMs = 0
  readonly #day: BaselineDay
  readonly #agents: Agent[]
  readonly #teams = new Map<string, Team>()
  readonly #rules: ReadonlyMap<string, string>
  readonly #heap: ScheduledEvent[] = []

  constructor(day: BaselineDay) {
    this.#day = day
    this.#rules = new Map(day.rules.map(({ country, topic, page, team }) => [`${country} ${topic} ${page}`, team]))
    this.#agents = day.staff.map(({ teams, capacity }) => {
      const agent: Agent = { ...{ teams: [], capacity, load: 0, idleSince: 0, offer: null }, busyMs: 0, since: 0 }
      for (const name of teams) {
        const team = this.#teams.get(name) ?? { agents: [], queue: [], counts: new Counts() }
        this.#teams.set(name, team)
        team.agents.push(agent)
        agent.teams.push(team)
      }
      return agent
    })
  }

  run(arrivals: Iterable<BaselineArrival>): void {
    const { fromAt, untilAt, patienceMs } = this.#day
    for (const { at, facts } of arrivals) {
      this.#runUntil(at)
      const team = this.#route(facts)
      if (team === undefined) continue
      const hour = Math.floor((at - fromAt) / 3_600_000) % 24
      const chat: Chat = { ...{ team, openedAt: at, hour, agent: null }, offers: 0, isOver: false, tried: new Set() }
      for (const counts of [this.counts, this.hours[hour], team.counts]) if (counts !== undefined) counts.offered += 1
      this.#schedule({ at: at + patienceMs(), what: 'leave', chat, agent: null, offer: 0 })
      this.#findAgent(chat, at)
    }
    this.#runUntil(untilAt)
    for (const agent of this.#agents) this.busyMs += agent.busyMs + (agent.load > 0 ? untilAt - agent.since : 0)
  }

  #route({ country, topic, page }: BaselineArrival['facts']): Team | undefined {
    return this.#teams.get(this.#rules.get(`${country} ${topic} ${page}`) ?? '')
  }

  #runUntil(until: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop()
      this.#handle(next)
    }
  }

  #handle({ what, chat, agent, offer, at }: ScheduledEvent): void {
    if (what === 'end') return agent === null ? undefined : this.#load(agent, -1, at)
    if (chat.isOver) return
    if (what === 'leave') return this.#leave(chat, at)
    if (agent === null || chat.agent !== agent || chat.offers !== offer) return
    if (what === 'answer' && this.#day.chance() >= this.#day.muteShare) return this.#answer(chat, agent, at)
    this.#withdraw(chat, agent)
    chat.tried.add(agent)
    this.#findAgent(chat, at)
    this.#offerNext(agent, at)
  }

  #findAgent(chat: Chat, at: number): void {
    let best: Agent | null = null
    for (const agent of chat.team.agents) {
      if (agent.offer !== null || agent.load >= agent.capacity || chat.tried.has(agent)) continue
      if (best === null || agent.idleSince < best.idleSince) best = agent
    }
    if (best !== null) return this.#offer(chat, best, at)
    if (!chat.team.queue.includes(chat)) chat.team.queue.push(chat)
    if (chat.tried.size > 0) chat.tried.clear()
  }

  #offer(chat: Chat, agent: Agent, at: number): void {
    chat.agent = agent
    chat.offers += 1
    agent.offer = chat
    const answerMs = this.#day.answerMs()
    const isAnswered = answerMs <= this.#day.offerTimeoutMs
    const what = isAnswered ? 'answer' : 'expire'
    this.#schedule({
      at: at + (isAnswered ? answerMs : this.#day.offerTimeoutMs),
      what,
      chat,
      agent,
      offer: chat.offers,
    })
  }

  #answer(chat: Chat, agent: Agent, at: number): void {
    this.#withdraw(chat, agent)
    chat.isOver = true
    const waitMs = at - chat.openedAt
    const isInTime = waitMs <= this.#day.serviceLevelMs
    for (const counts of [this.counts, this.hours[chat.hour], chat.team.counts]) counts?.answer(waitMs, isInTime)
    this.#load(agent, 1, at)
    this.#schedule({ at: at + this.#day.handlingMs(), what: 'end', chat, agent, offer: 0 })
  }

  #leave(chat: Chat, at: number): void {
    chat.isOver = true
    for (const counts of [this.counts, this.hours[chat.hour], chat.team.counts]) if (counts) counts.abandoned += 1
    const place = chat.team.queue.indexOf(chat)
    if (place >= 0) chat.team.queue.splice(place, 1)
    const { agent } = chat
    if (agent === null) return
    this.#withdraw(chat, agent)
    this.#offerNext(agent, at)
  }

  #withdraw(chat: Chat, agent: Agent): void {
    chat.agent = null
    agent.offer = null
  }

  #load(agent: Agent, by: number, at: number): void {
    if (agent.load > 0) agent.busyMs += at - agent.since
    agent.since = at
    agent.load += by
    agent.idleSince = at
    this.#offerNext(agent, at)
  }

  /** Offers the oldest waiting chat of its teams to an agent who has capacity. */
  #offerNext(agent: Agent, at: number): void {
    if (agent.offer !== null || agent.load >= agent.capacity) return
    let oldest: Chat | undefined
    for (const { queue } of agent.teams) {
      const [first] = queue
      if (first !== undefined && (oldest === undefined || first.openedAt < oldest.openedAt)) oldest = first
    }
    if (oldest === undefined) return
    oldest.team.queue.shift()
    this.#offer(oldest, agent, at)
  }

  #schedule(scheduled: ScheduledEvent): void {
    const heap = this.#heap
    let slot = heap.push(scheduled) - 1
    while (slot > 0) {
      const parent = (slot - 1) >>> 1
      const above = heap[parent] as ScheduledEvent
      if (above.at <= scheduled.at) break
      heap[slot] = above
      slot = parent
    }
    heap[slot] = scheduled
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let slot = 0
    for (let child = 1; child < heap.length; child = 2 * slot + 1) {
      if (child + 1 < heap.length && (heap[child + 1] as ScheduledEvent).at < (heap[child] as ScheduledEvent).at)
        child += 1
      if ((heap[child] as ScheduledEvent).at >= last.at) break
      heap[slot] = heap[child] as ScheduledEvent
      slot = child
    }
    heap[slot] = last
  }
}
