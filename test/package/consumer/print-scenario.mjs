import { seedStory } from './seed-story.mjs'

for (const line of await seedStory()) console.log(line)
