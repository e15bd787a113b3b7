import * as z from 'zod/mini'
import {
  type AwaitingItem,
  awaitingListOf,
  type MetricsView,
  type Policy,
  type PortalSnapshot,
  portalSnapshotOf,
  type QueuePosition,
  type RequestFilter,
  type RequestId,
  type RequestView,
  requestView,
  requestViews,
  ringingRequestIds,
  ScreenProjection,
  type Shift,
  type Staff,
  type StaffId,
  type StaffView,
  staffView,
  supervisorAwaitingList,
} from '../core'
import { idSchema, objectOf, oneOf, parseOrThrow, parseWithSchema } from '../input'
import type { Workflow } from '../routing'
import { type EventStore, isSynchronous } from '../store'
import { type Explanation, explain, previewRoute, type RoutePreview, type RoutePreviewInput } from './api/explanation'
import type { DeskAggregate } from './runtime/desk-aggregate'
import { type DeskSnapshot, toDeskSnapshot } from './runtime/desk-snapshot'
import { deepFreeze, devFreeze } from './runtime/dev-freeze'
import type { RequestRouter } from './runtime/request-router'

/** The parts of a desk that its views read. */
export interface DeskViewSources {
  readonly aggregate: DeskAggregate
  readonly requestRouter: RequestRouter
  readonly store: EventStore
}

/** What can be read of a desk: what was set, as it was set, and what follows from it, as plain JSON copies. */
export abstract class DeskViews {
  readonly #sources: DeskViewSources

  /** @internal */
  constructor(sources: DeskViewSources) {
    this.#sources = sources
  }

  /** All workflows, in their order, as they were set. */
  get workflows(): readonly Workflow[] {
    return deepFreeze([...this.#sources.aggregate.state.workflows.values()]) as readonly unknown[] as Workflow[]
  }

  /** All shifts, as they were set. */
  get shifts(): readonly Shift[] {
    return deepFreeze([...this.#sources.aggregate.state.shifts.values()].map(({ shift }) => shift))
  }

  /** How often the workflows or the shifts were changed: the `ifRevision` of a change that knows the rules of now. */
  get revision(): number {
    return this.#sources.aggregate.state.rulesRevision
  }

  /** All policies, those that the host never set included. */
  get policy(): Policy {
    return deepFreeze({ ...this.#sources.aggregate.state.policy })
  }

  /** Returns all staff members as they were set, in the order in which they were added. */
  roster(): readonly Staff[] {
    return deepFreeze([...this.#sources.aggregate.state.staff.values()].map(({ record }) => record))
  }

  /** Returns a staff member; `undefined` for unknown staff. */
  staff(staffId: StaffId): StaffView | undefined {
    return devFreeze(staffView(this.#sources.aggregate.state, staffId))
  }

  /** Returns a request that is open or assigned; `undefined` for any other. */
  request(requestId: RequestId): RequestView | undefined {
    return devFreeze(requestView(this.#sources.aggregate.state, requestId))
  }

  /**
   * Returns all requests that are open or assigned, in service order; with a filter those that meet all of it.
   * @throws InvalidInputError for a malformed filter.
   */
  requests(filter: RequestFilter = {}): readonly RequestView[] {
    return devFreeze(requestViews(this.#sources.aggregate.state, parseFilter(filter)))
  }

  /** Returns the open requests that a staff member may accept, in service order; without an id all open requests. */
  awaiting(staffId?: StaffId): readonly AwaitingItem[] {
    const { state } = this.#sources.aggregate
    return devFreeze(staffId === undefined ? supervisorAwaitingList(state) : awaitingListOf(state, staffId))
  }

  /** Returns the ids of the requests that ring for a staff member now. */
  ringing(staffId: StaffId): readonly RequestId[] {
    return devFreeze(ringingRequestIds(this.#sources.aggregate.state, staffId))
  }

  /** Returns all that one staff member's screen shows; `undefined` for unknown staff. */
  portal(staffId: StaffId): PortalSnapshot | undefined {
    return devFreeze(portalSnapshotOf(this.#sources.aggregate.state, staffId, this.version))
  }

  /** @internal Returns a projection that passes on what changes on the screens that are attached to it. */
  projectScreens(): ScreenProjection {
    return new ScreenProjection(this.#sources.aggregate, devFreeze)
  }

  /** Returns why a request has its route and rings or not; `undefined` for one that is closed or unknown. */
  explain(requestId: RequestId): Explanation | undefined {
    return explain(this.#sources, requestId)
  }

  /** Returns the route that a request with these facts would get. Changes nothing. */
  previewRoute(input: RoutePreviewInput): Promise<RoutePreview> {
    return previewRoute(this.#sources.requestRouter, input)
  }

  /** Returns the position of an open request in its queue, and the estimated wait; `undefined` when not open. */
  position(requestId: RequestId): QueuePosition | undefined {
    return devFreeze(this.#sources.aggregate.positionOf(requestId))
  }

  /** Returns a contact centre's key figures over the sliding window that ends now. */
  metrics(): MetricsView {
    return devFreeze(this.#sources.aggregate.metricsNow())
  }

  /** The number of the newest applied entry of the store: equal versions are equal states. */
  get version(): number {
    return this.#sources.aggregate.version
  }

  /** Whether nodes in other processes may append to its store. */
  get isShared(): boolean {
    return !isSynchronous(this.#sources.store)
  }

  /** Whether no staff member is connected and no request is open or assigned. */
  get isEmpty(): boolean {
    return this.#sources.aggregate.isEmpty
  }

  /** Returns the whole desk as plain JSON, for `openDesk({ snapshot })`. */
  snapshot(): DeskSnapshot {
    const { aggregate, store } = this.#sources
    const hash = isSynchronous(store) ? store.hashOf(this.version) : null
    return devFreeze(toDeskSnapshot(aggregate, { v: this.version, h: hash ?? aggregate.hash }))
  }
}

const filterSchema = objectOf({
  phase: z.optional(oneOf('ringing', 'waiting', 'assigned')),
  visitorId: z.optional(idSchema),
  staffId: z.optional(idSchema),
})

function parseFilter(filter: unknown): RequestFilter {
  return parseOrThrow((issues) => parseWithSchema(filterSchema, filter, { path: [], issues }))
}
