let probe: HTMLElement | undefined

/** What a colour of the style sheet is now: a canvas knows neither variables nor `light-dark()`. */
export function cssColor(css: string): string {
  if (probe === undefined) {
    probe = document.createElement('span')
    probe.hidden = true
    document.documentElement.append(probe)
  }
  probe.style.color = css
  return getComputedStyle(probe).color
}
