import fc from 'fast-check'

/** Samples that the seed decides; it is printed, and FRONTBELL_SEED brings the same ones again. */
export function sampleSeeded<Value>(name: string, arbitrary: fc.Arbitrary<Value>, count: number): Value[] {
  const seed = currentSeed()
  console.info(`${name}: ${count} samples, FRONTBELL_SEED=${seed}`)
  return fc.sample(arbitrary, { seed, numRuns: count })
}

export function currentSeed(): number {
  return process.env.FRONTBELL_SEED === undefined ? Date.now() & 0x7fffffff : Number(process.env.FRONTBELL_SEED)
}
