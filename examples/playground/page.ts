import { render } from 'lit-html'
import { drawing, type Sheet } from './drawing'
import { firstRoster, firstWorkflows } from './first-roster'
import { openRoom, type Room } from './room'

/** What the visitor of the page has chosen, and typed. */
const sheet: Sheet = {
  picked: null,
  workflows: JSON.stringify(firstWorkflows, null, 2),
  roster: JSON.stringify(firstRoster, null, 2),
  workflowsProblem: '',
  rosterProblem: '',
}

let isDrawn = false
let room: Room | undefined
room = await openRoom(draw)
await room.ask({ topic: 'server', plan: 'gold', country: 'US' })
draw()

/** Many changes of one moment are drawn once. */
function draw(): void {
  if (isDrawn) return
  isDrawn = true
  queueMicrotask(() => {
    isDrawn = false
    const page = document.getElementById('page')
    if (page !== null && room !== undefined) render(drawing(room, sheet, draw), page)
  })
}
