import { render } from 'lit-html'
import { initialStaff, initialWorkflows } from './initial-desk'
import { type PageState, pageTemplate } from './page-template'
import { openPlaygroundDesk, type PlaygroundDesk } from './playground-desk'

/** What the visitor of the page has chosen, and typed. */
const sheet: PageState = {
  onAction: null,
  workflows: JSON.stringify(initialWorkflows, null, 2),
  roster: JSON.stringify(initialStaff, null, 2),
  workflowsProblem: '',
  rosterProblem: '',
}

let isDrawn = false
let room: PlaygroundDesk | undefined
room = await openPlaygroundDesk(draw)
await room.ask({ topic: 'server', plan: 'gold', country: 'US' })
draw()

/** Many changes of one moment are drawn once. */
function draw(): void {
  if (isDrawn) return
  isDrawn = true
  queueMicrotask(() => {
    isDrawn = false
    const page = document.getElementById('page')
    if (page !== null && room !== undefined) render(pageTemplate(room, sheet, draw), page)
  })
}
