import { svg, type TemplateResult } from 'lit-html'

const paths = {
  bell: 'M12 3a6 6 0 0 0-6 6v4l-2 3h16l-2-3V9a6 6 0 0 0-6-6Zm-2.5 15a2.5 2.5 0 0 0 5 0',
  muted: 'M12 3a6 6 0 0 0-6 6v4l-2 3h13M18 13V9a6 6 0 0 0-3-5.2M9.5 18a2.5 2.5 0 0 0 5 0M4 4l16 16',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8a7 7 0 0 1 14 0',
  back: 'M15 5l-7 7 7 7',
  route: 'M6 4v9a4 4 0 0 0 4 4h8m0 0-3-3m3 3-3 3',
  send: 'M4 12 20 4l-5 16-3-7-8-1Z',
  moon: 'M20 14a8 8 0 1 1-10-10 7 7 0 0 0 10 10Z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v2m0 14v2M3 12h2m14 0h2M6 6l1 1m10 10 1 1m0-12-1 1M7 17l-1 1',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18',
  exit: 'M14 4H6v16h8M10 12h10m0 0-3-3m3 3-3 3',
} as const

/** An icon in the colour of the surrounding text. */
export function icon(name: keyof typeof paths): TemplateResult<2> {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`
}
