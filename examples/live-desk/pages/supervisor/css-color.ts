let probe: HTMLElement | undefined

/** Returns the computed value of a CSS colour: a canvas supports neither variables nor `light-dark()`. */
export function cssColor(css: string): string {
  if (probe === undefined) {
    probe = document.createElement('span')
    probe.hidden = true
    document.documentElement.append(probe)
  }
  probe.style.color = css
  return getComputedStyle(probe).color
}
