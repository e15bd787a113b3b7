import type { OnProgress } from '../simulation'
import type { Terminal } from './terminal'

const width = 30

/** Draws how far a simulation has come, where a person waits. */
export function drawProgress(terminal: Terminal): OnProgress {
  return ({ share, at, requests }) => {
    const full = Math.round(share * width)
    const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)}`
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
    terminal.progress(`${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${time} UTC  ${requests} requests`)
  }
}
