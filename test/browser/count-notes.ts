/** Runs in the page: how many notes it plays, and the longest time in which nothing ran in it. */
export const countNotes = `(() => {
  let last = performance.now()
  globalThis.longestPauseMs = 0
  setInterval(() => {
    const now = performance.now()
    globalThis.longestPauseMs = Math.max(globalThis.longestPauseMs, now - last)
    last = now
  }, 50)
  const make = AudioContext.prototype.createOscillator
  globalThis.notes = 0
  AudioContext.prototype.createOscillator = function () {
    globalThis.notes += 1
    return make.call(this)
  }
})()`
