import { describe, expect, it, vi } from 'vitest'
import { plotSvg } from '../../bench/plots'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a plot of costs', () => {
  const svg = plotSvg({
    title: 'Route <one>',
    xLabel: 'workflows',
    yLabel: 'µs',
    lines: [{ name: 'desk & co', points: [10, 100, 1_000].map((x) => ({ x, y: x / 10 })) }],
  })

  it('[PK40] is straight if the cost is proportional to the size, with a grid line at each power of ten', () => {
    const [, places = ''] = /polyline points="([^"]+)"/.exec(svg) ?? []
    const [a, b, c] = places.split(' ').map((place) => place.split(',').map(Number))
    expect(b?.[0]).toBeCloseTo(((a?.[0] ?? 0) + (c?.[0] ?? 0)) / 2, 0)
    expect(b?.[1]).toBeCloseTo(((a?.[1] ?? 0) + (c?.[1] ?? 0)) / 2, 0)
    expect(a?.[1]).toBeGreaterThan(c?.[1] ?? 0)
    for (const tick of ['10', '100', '1,000']) expect(svg).toContain(`>${tick}</text>`)
  })

  it('escapes names', () => {
    expect(svg).toContain('Route &lt;one>')
    expect(svg).toContain('desk &amp; co')
  })
})
