import { seedStory } from './seed-story.mjs'

export default {
  async fetch() {
    return new Response((await seedStory()).join('\n'))
  },
}
