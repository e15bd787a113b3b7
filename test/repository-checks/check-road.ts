/**
 * Prints how long the road from `Desk.accept` to a listener of `stop` is, and fails where it is longer than agreed.
 * `--list` prints each frame and function as well.
 */
import { measureRoad } from './measure-road'

const framesMax = 12
const functionsMax = 70
const filesMax = 22

// As hosts run it: in development, what leaves the desk is frozen all the way down.
process.env.NODE_ENV = 'production'
const { frames, functions, files } = await measureRoad()
if (process.argv.includes('--list')) console.info([...frames, '', ...functions, ''].join('\n'))
const counts = [
  { name: 'frames', count: frames.length, max: framesMax },
  { name: 'functions', count: functions.length, max: functionsMax },
  { name: 'files', count: files.length, max: filesMax },
]
for (const { name, count, max } of counts) console.info(`${name}: ${count}, at most ${max}`)
if (counts.some(({ count, max }) => count > max)) process.exitCode = 1
