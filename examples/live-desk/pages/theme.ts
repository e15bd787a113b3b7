type Theme = 'auto' | 'light' | 'dark'

const order: readonly Theme[] = ['auto', 'light', 'dark']

/** The chosen theme; `auto` follows the system. */
export function theme(): Theme {
  return order.find((name) => name === localStorage.getItem('theme')) ?? 'auto'
}

export function nextTheme(): void {
  localStorage.setItem('theme', order[(order.indexOf(theme()) + 1) % order.length] ?? 'auto')
  applyTheme()
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme()
}
