import type { Staff } from '../../core'
import type { StoryDeed } from './situation'
import type { StoryDesk } from './story-desk'

const snoozeMs = 30_000

/** Does it, and says what was done in plain words; `null` when there was nothing to do or the desk refused. */
export async function doDeed(story: StoryDesk, deed: StoryDeed, staff: Staff | undefined): Promise<string | null> {
  const { what } = deed
  if (what === 'visitor leaves' || what === 'visitor comes back') return visitorDeed(story, what)
  if (staff === undefined) return null
  const { id } = staff
  const { desk } = story
  const { requestId } = story.ids
  switch (what) {
    case 'mutes':
      return (await desk.mute(requestId, id)).ok ? `${id} mutes it` : null
    case 'unmutes':
      return (await desk.unmute(requestId, id)).ok ? `${id} unmutes it` : null
    case 'snoozes':
      return (await desk.snooze(requestId, id, { forMs: snoozeMs })).ok ? `${id} snoozes it for 30 s` : null
    case 'declines':
      return (await desk.decline(requestId, id)).ok ? `${id} declines it` : null
    case 'returns':
      if (!(await desk.accept(requestId, id)).ok) return null
      return (await desk.release(requestId, { by: id })).ok ? `${id} takes it and gives it back` : `${id} takes it`
    case 'goes away':
      if (desk.staff(id)?.availability === 'away') return null
      return (await desk.setAvailability(id, 'away')).ok ? `${id} goes away` : null
    case 'leaves':
      return story.gone.has(id) ? null : leaves(story, id)
    case 'comes back':
      return comesBack(story, id)
    case 'busy':
      return busy(story, staff)
    case 'free':
      return free(story, id)
    default:
      return what satisfies never
  }
}

function leaves(story: StoryDesk, id: string): string {
  story.gone.add(id)
  return `${id} leaves`
}

async function comesBack(story: StoryDesk, id: string): Promise<string | null> {
  const wasGone = story.gone.delete(id)
  const wasAway = story.desk.staff(id)?.availability === 'away'
  if (wasAway) await story.desk.setAvailability(id, 'available')
  return wasGone || wasAway ? `${id} comes back` : null
}

/** A chat with somebody else that leaves no room, whatever the rules say of it. */
async function busy({ desk }: StoryDesk, { id }: Staff): Promise<string | null> {
  const view = desk.staff(id)
  const weight = view === undefined ? 0 : view.capacity - view.load
  if (weight <= 0) return null
  const requestId = `other-of-${id}`
  const asked = await desk.requestChat({ requestId, visitorId: requestId, weight })
  if (!asked.ok) return null
  const { ok } = await desk.assign(requestId, id, { by: 'supervisor' })
  return ok ? `${id} is busy with other chats` : null
}

async function free({ desk }: StoryDesk, id: string): Promise<string | null> {
  return (await desk.end(`other-of-${id}`)).ok ? `${id} is free again` : null
}

async function visitorDeed(story: StoryDesk, what: 'visitor leaves' | 'visitor comes back'): Promise<string | null> {
  const { visitorId } = story.ids
  const isComing = what === 'visitor comes back'
  if (story.isVisitorHere === isComing) return null
  story.isVisitorHere = isComing
  const { desk } = story
  const { ok } = isComing ? await desk.visitorArrived({ visitorId }) : await desk.visitorLeft(visitorId)
  return ok ? `the ${what}` : null
}
