import type { Entry } from './entry'

/** What workflows that prioritize or tag make of a request together: the highest priority, and every tag once. */
export function effectsOf(effects: readonly Entry[]): { readonly priority: number; readonly tags: readonly string[] } {
  if (effects.length === 0) return { priority: 0, tags: [] }
  const events = effects.map(({ workflow }) => workflow.event)
  const priorities = events.flatMap((event) => (event.type === 'prioritize' ? [event.params.priority] : []))
  const tags = events.flatMap((event) => (event.type === 'tag' ? event.params.tags : []))
  return { priority: priorities.length === 0 ? 0 : Math.max(...priorities), tags: [...new Set(tags)] }
}
