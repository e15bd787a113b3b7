import { type Desk, openDesk } from 'frontbell'
import { type StaffServer, serveStaff } from 'frontbell/host'
import type { Hono } from 'hono'
import { createPageServer } from './page-server'
import { createTicketIssuer, type TicketIssuer } from './tickets'

export interface SmallDeskOptions {
  /** 0: any free one. */
  readonly port: number
  /** Default: a desk of three, in memory. */
  readonly desk?: Desk
  /** How often lines beat. Default: as `serveStaff` has it. */
  readonly pingIntervalMs?: number
}

/** What all the small examples share, so that each of them holds its transport and nothing else. */
export interface SmallDesk {
  readonly desk: Desk
  readonly server: StaffServer
  readonly site: Hono
  readonly tickets: TicketIssuer
}

/** A running example. */
export interface RunningServer {
  readonly url: string
  readonly desk: Desk
  /** Stops at once, as a killed process does: no client is notified. The desk stays open. */
  kill(): Promise<void>
  /** Says goodbye, stops and closes the desk. */
  close(): Promise<void>
}

/** A desk, its server and a site with one page; `page` is the file of the page's script. */
export async function openSmallDesk(
  page: string,
  { desk: given, pingIntervalMs }: SmallDeskOptions,
): Promise<SmallDesk> {
  const desk = given ?? (await openDesk(demoStaff))
  const keys = createTicketIssuer()
  const server = serveStaff(desk, pingIntervalMs === undefined ? {} : { pingIntervalMs })
  return { desk, server, site: await createPageServer(desk, keys, page), tickets: keys }
}

const demoStaff = {
  staff: [
    { id: 'ana', name: 'Ana', teams: ['servers'] },
    { id: 'bo', name: 'Bo', teams: ['billing'] },
    { id: 'cem', name: 'Cem', teams: ['servers', 'billing'] },
  ],
  workflows: [
    {
      name: 'Bills go to billing first',
      conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'billing' }] },
      event: {
        type: 'route',
        params: {
          steps: [
            { to: { team: 'billing' }, tone: 'visitor' },
            { to: 'everyone', afterMs: 30_000 },
          ],
        },
      },
    },
  ],
  policy: { presenceGraceMs: 3_000 },
}
