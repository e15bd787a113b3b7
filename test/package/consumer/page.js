import { runScenario } from './scenario.mjs'

const output = document.getElementById('output')
runScenario().then(
  (lines) => {
    output.textContent = lines.join('\n')
    output.dataset.done = 'yes'
  },
  (error) => {
    output.textContent = String(error)
    output.dataset.done = 'no'
  },
)
