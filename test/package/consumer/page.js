import { seedStory } from './seed-story.mjs'

const told = document.getElementById('told')
seedStory().then(
  (lines) => {
    told.textContent = lines.join('\n')
    told.dataset.done = 'yes'
  },
  (error) => {
    told.textContent = String(error)
    told.dataset.done = 'no'
  },
)
