import { describe, expect, it } from 'vitest'
import { Mailbox } from '../../../src/desk/runtime/mailbox'

describe('the mailbox', () => {
  it('does a job that needs no promise inside the call', () => {
    const mailbox = new Mailbox()
    const done: string[] = []
    mailbox.run(() => void done.push('a'))
    expect(done).toEqual(['a'])
    expect(mailbox.isBusy).toBe(false)
  })

  it('queues a job that is given by a job, never nests it', () => {
    const mailbox = new Mailbox()
    const done: string[] = []
    mailbox.run(() => {
      mailbox.run(() => void done.push('inner'))
      done.push('outer')
    })
    expect(done).toEqual(['outer', 'inner'])
  })

  it('waits for a promise before the next job, in the order of arrival', async () => {
    const mailbox = new Mailbox()
    const done: number[] = []
    for (const [index, delayMs] of [5, 0, 3, 0].entries()) {
      mailbox.run(async () => {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
        done.push(index)
      })
    }
    expect(mailbox.isBusy).toBe(true)
    await mailbox.drain()
    expect(done).toEqual([0, 1, 2, 3])
  })

  it('keeps the order over many more jobs than it keeps places for', async () => {
    const mailbox = new Mailbox()
    const done: number[] = []
    mailbox.run(() => new Promise((resolve) => setTimeout(resolve, 1)))
    for (let job = 0; job < 5_000; job += 1) mailbox.run(() => void done.push(job))
    await mailbox.drain()
    expect(done).toEqual(Array.from({ length: 5_000 }, (_, job) => job))
  })

  it('rejects for a job that throws, and goes on with the next', async () => {
    const mailbox = new Mailbox()
    const done: string[] = []
    const failed = mailbox.run(() => {
      void mailbox.run(() => void done.push('next'))
      throw new Error('no paper')
    })
    await expect(failed).rejects.toThrow('no paper')
    await mailbox.drain()
    expect(done).toEqual(['next'])
    expect(mailbox.isBusy).toBe(false)
  })

  it('is drained when the job that waits for it has ended, though no other one waits', async () => {
    const mailbox = new Mailbox()
    let drained: Promise<void> | undefined
    await mailbox.run(() => {
      drained = mailbox.drain()
    })
    await drained
    expect(mailbox.isBusy).toBe(false)
    await mailbox.drain()
  })
})
