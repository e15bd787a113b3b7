import { render } from 'lit-html'
import { initialStaff, initialWorkflows } from './initial-desk'
import { type PageState, pageTemplate } from './page-template'
import { openPlaygroundDesk, type PlaygroundDesk } from './playground-desk'

/** The selection and the texts of the page. */
const state: PageState = {
  selectedId: null,
  workflows: JSON.stringify(initialWorkflows, null, 2),
  roster: JSON.stringify(initialStaff, null, 2),
  workflowsProblem: '',
  rosterProblem: '',
}

let isDrawScheduled = false
let playground: PlaygroundDesk | undefined
playground = await openPlaygroundDesk(draw)
await playground.requestChat({ topic: 'server', plan: 'gold', country: 'US' })
draw()

/** Draws once for all changes of one task. */
function draw(): void {
  if (isDrawScheduled) return
  isDrawScheduled = true
  queueMicrotask(() => {
    isDrawScheduled = false
    const page = document.getElementById('page')
    if (page !== null && playground !== undefined) render(pageTemplate(playground, state, draw), page)
  })
}
