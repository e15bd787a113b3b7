/** Few names, so that generated commands collide: the same person mutes, loses and takes the same request. */
export const names = {
  staff: ['ana', 'bo', 'cy', 'di', 'eve'],
  visitors: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'],
  sessions: ['tab', 'phone'],
  teams: ['billing', 'servers'],
  skills: ['linux', 'dns'],
  shifts: ['day', 'night', 'always'],
  /** Never in any roster. */
  stranger: 'nobody-knows-me',
} as const
