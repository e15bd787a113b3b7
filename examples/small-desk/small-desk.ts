import { type Desk, openDesk } from 'frontbell'
import { type DeskServer, serveDesk } from 'frontbell/host'
import type { Hono } from 'hono'
import { smallSite } from './small-site'
import { type Tickets, tickets } from './tickets'

export interface SmallDeskOptions {
  /** 0: any free one. */
  readonly port: number
  /** Default: a desk of three, in memory. */
  readonly desk?: Desk
  /** How often lines beat. Default: as `serveDesk` has it. */
  readonly beatMs?: number
}

/** What all the small examples share, so that each of them holds its transport and nothing else. */
export interface SmallDesk {
  readonly desk: Desk
  readonly server: DeskServer
  readonly site: Hono
  readonly tickets: Tickets
}

/** A running example. */
export interface Running {
  readonly url: string
  readonly desk: Desk
  /** Stops at once, as a process that is killed does: nobody is told. The desk stays open. */
  kill(): Promise<void>
  /** Says goodbye, stops and closes the desk. */
  close(): Promise<void>
}

/** A desk, its server and a site with one page; `page` is the file of the page's script. */
export async function openSmallDesk(page: string, { desk: given, beatMs }: SmallDeskOptions): Promise<SmallDesk> {
  const desk = given ?? (await openDesk(threeOfUs))
  const keys = tickets()
  const server = serveDesk(desk, beatMs === undefined ? {} : { beatMs })
  return { desk, server, site: await smallSite(desk, keys, page), tickets: keys }
}

const threeOfUs = {
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
