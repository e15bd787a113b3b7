/** Where a page comes from, and how it proves who is looking at it. */
export interface Site {
  readonly url: string
  /** Asked for each connection; rejects when the site does not know this person, or is not there. */
  ticket(): Promise<string>
}

/** Who signs in is who they say they are: a demo. */
export function siteOf(url: string, staffId: string): Site {
  return {
    url,
    async ticket() {
      const init = { method: 'POST', body: JSON.stringify({ staffId }), signal: AbortSignal.timeout(10_000) }
      const response = await fetch(`${url}/tickets`, init)
      if (!response.ok) throw new Error(`sign-in: expected a ticket, got status ${response.status}`)
      return ((await response.json()) as { ticket: string }).ticket
    },
  }
}
