import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import type { RouterOptions } from '../../../src/routing'
import { createTestRouter, equalCondition } from '../test-router'

// The examples that json-rules-engine 7.3.1 publishes, 01 to 13, as workflows: an event that fired there is a tag here.

const accounts: Record<string, Facts> = {
  washington: {
    company: 'microsoft',
    status: 'terminated',
    ptoDaysTaken: ['2016-12-25', '2016-04-01'],
    createdAt: '2012-02-14',
  },
  jefferson: { company: 'apple', status: 'terminated', ptoDaysTaken: ['2015-01-25'], createdAt: '2005-04-03' },
  lincoln: {
    company: 'microsoft',
    status: 'active',
    ptoDaysTaken: ['2016-02-21', '2016-12-25', '2016-03-28'],
    createdAt: '2015-06-26',
  },
}

const accountFacts: RouterOptions['facts'] = {
  'account-information': async (_params, facts) => accounts[String(await facts.factValue('accountId'))],
  'employee-tenure': async ({ unit }, facts) => {
    const account = (await facts.factValue('account-information')) as { createdAt: string }
    return unit === 'years' ? 2016 - new Date(account.createdAt).getFullYear() : null
  },
}

describe('the examples that json-rules-engine publishes', () => {
  it('01: says hello', async () => {
    const rule = fires('message', { all: [equalCondition('displayMessage', true)] })
    expect(await fired([rule], { displayMessage: true })).toEqual(['message'])
    expect(await fired([rule], { displayMessage: false })).toEqual([])
  })

  it('02: nests all, any and not', async () => {
    const fouls = (operator: string, value: number) => ({ fact: 'personalFoulCount', operator, value })
    const rule = fires('fouledOut', {
      any: [
        { all: [equalCondition('gameDuration', 40), fouls('greaterThanInclusive', 5)], name: 'short foul limit' },
        { all: [equalCondition('gameDuration', 48), { not: fouls('lessThan', 6) }], name: 'long foul limit' },
      ],
    })
    expect(await fired([rule], { personalFoulCount: 6, gameDuration: 40 })).toEqual(['fouledOut'])
    expect(await fired([rule], { personalFoulCount: 5, gameDuration: 48 })).toEqual([])
  })

  it('03: reads a fact from a service, which reads another fact', async () => {
    const rule = fires('microsoft-christmas-pto', {
      all: [
        equalCondition('account-information', 'microsoft', { path: '$.company' }),
        { fact: 'account-information', operator: 'in', value: ['active', 'paid-leave'], path: '$.status' },
        { fact: 'account-information', operator: 'contains', value: '2016-12-25', path: '$.ptoDaysTaken' },
      ],
    })
    expect(await fired([rule], { accountId: 'lincoln' }, { facts: accountFacts })).toEqual(['microsoft-christmas-pto'])
    expect(await fired([rule], { accountId: 'washington' }, { facts: accountFacts })).toEqual([])
  })

  it('04: has facts depend on facts, with params', async () => {
    const rules = [
      fires('microsoft-terminated-employees', {
        all: [
          equalCondition('account-information', 'microsoft', { path: '$.company' }),
          equalCondition('account-information', 'terminated', { path: '$.status' }),
        ],
      }),
      fires('five-year-tenure', {
        all: [{ fact: 'employee-tenure', operator: 'greaterThanInclusive', value: 5, params: { unit: 'years' } }],
      }),
    ]
    const options = { facts: accountFacts }
    expect(await fired(rules, { accountId: 'washington' }, options)).toEqual(['microsoft-terminated-employees'])
    expect(await fired(rules, { accountId: 'jefferson' }, options)).toEqual(['five-year-tenure'])
  })

  it('05: calls no expensive service when a fact at hand decides', async () => {
    let called = 0
    const facts: RouterOptions['facts'] = {
      'account-information': async () => {
        called += 1
        return true
      },
      date: 1_800_000_000_000,
    }
    const rule = fires('microsoft-employees', {
      all: [
        equalCondition('account-information', true),
        { fact: 'date', operator: 'lessThan', value: 1_467_331_200_000 },
      ],
    })
    expect(await fired([rule], { accountId: 'washington' }, { facts })).toEqual([])
    expect(called).toBe(0)
  })

  it('06: uses operators of the host', async () => {
    const operators: RouterOptions['operators'] = {
      startsWith: (factValue: string, value: string) => factValue.length > 0 && factValue[0]?.toLowerCase() === value,
    }
    const rules = ['a', 'b'].map((letter) =>
      fires(letter, { all: [{ fact: 'word', operator: 'startsWith', value: letter }] }),
    )
    expect(await fired(rules, { word: 'bacon' }, { operators })).toEqual(['b'])
    expect(await fired(rules, { word: 'antelope' }, { operators })).toEqual(['a'])
  })

  it('07: chains rules, by a named condition in place of a fact that one rule sets for the next', async () => {
    const drinks = { all: [equalCondition('drinksOrangeJuice', true), equalCondition('enjoysVodka', true)] }
    const rules = [
      fires('drinks-screwdrivers', { condition: 'screwdriverAficionado' }, { priority: 10 }),
      fires('invite-to-screwdriver-social', {
        all: [
          { condition: 'screwdriverAficionado' },
          equalCondition('isSociable', true),
          equalCondition('account-information', 'microsoft', { path: '$.company' }),
        ],
      }),
    ]
    const options = { conditions: { screwdriverAficionado: drinks }, facts: accountFacts }
    const washington = { accountId: 'washington', drinksOrangeJuice: true, enjoysVodka: true, isSociable: true }
    expect(await fired(rules, washington, options)).toEqual(['drinks-screwdrivers', 'invite-to-screwdriver-social'])
    expect(await fired(rules, { ...washington, accountId: 'jefferson', enjoysVodka: false }, options)).toEqual([])
  })

  it('08: compares a fact with a fact, each with params and path', async () => {
    const listed =
      (list: string, key: string) => async (params: Facts, facts: { factValue(name: string): Promise<unknown> }) =>
        ((await facts.factValue(list)) as Facts[]).find((one) => Object.values(params).includes(one[key] ?? null))
    const facts = { account: listed('accounts', 'type'), product: listed('products', 'productId') }
    const rule = fires('customer-can-afford-gift-card', {
      all: [
        {
          fact: 'account',
          path: '$.balance',
          params: { accountType: 'customer' },
          operator: 'greaterThanInclusive',
          value: { fact: 'product', path: '$.price', params: { productId: 'giftCard' } },
        },
      ],
    })
    const products = [
      { productId: 'giftCard', price: 50 },
      { productId: 'widget', price: 45 },
    ]
    const rich = {
      products,
      accounts: [
        { type: 'partner', balance: 0 },
        { type: 'customer', balance: 500 },
      ],
    }
    expect(await fired([rule], rich, { facts })).toEqual(['customer-can-afford-gift-card'])
    expect(await fired([rule], { products, accounts: [{ type: 'customer', balance: 30 }] }, { facts })).toEqual([])
  })

  it('09: keeps five overlapping runs apart, and explains each of them', async () => {
    const conditions = {
      all: [equalCondition('athlete', true), { fact: 'GPA', operator: 'greaterThanInclusive', value: 3.5 }],
    }
    const { route } = createTestRouter([fires('honor-roll', conditions)])
    const students = [
      [false, 3.9],
      [true, 3.5],
      [false, 3.1],
      [true, 4],
      [true, 1.1],
    ] as const
    const routed = await Promise.all(students.map(([athlete, GPA]) => route({ athlete, GPA })))
    expect(routed.map(({ routingResult }) => routingResult.tags.length)).toEqual([0, 1, 0, 1, 0])
    expect(routed[1]?.trace.evaluated[0]?.conditions).toMatchObject({
      parts: [{ actual: true }, { fact: 'GPA', actual: 3.5, matched: true }],
    })
  })

  it('10: shares conditions', async () => {
    const rules = [
      fires('screwdriver-social', { all: [{ condition: 'aficionado' }, equalCondition('isSociable', true)] }),
      fires('other-social', { all: [{ not: { condition: 'aficionado' } }, equalCondition('isSociable', true)] }),
    ]
    const conditions = {
      aficionado: { all: [equalCondition('drinksOrangeJuice', true), equalCondition('enjoysVodka', true)] },
    }
    const washington = { drinksOrangeJuice: true, enjoysVodka: true, isSociable: true }
    expect(await fired(rules, washington, { conditions })).toEqual(['screwdriver-social'])
    expect(await fired(rules, { ...washington, enjoysVodka: false }, { conditions })).toEqual(['other-social'])
  })

  it('11: compares with a fact that changes from request to request', async () => {
    const beaten = { fact: 'currentHighScore', path: '$.score' }
    const rules = [
      fires('highscore', {
        any: [equalCondition('currentHighScore', null), { fact: 'score', operator: 'greaterThan', value: beaten }],
      }),
      fires('gameover', { all: [{ fact: 'score', operator: 'lessThanInclusive', value: beaten }] }),
    ]
    let highScore: Facts | null = null
    const play = async (score: number) => {
      const tags = await fired(rules, { score }, { facts: { currentHighScore: () => highScore } })
      if (tags.includes('highscore')) highScore = { score }
      return tags
    }
    expect([await play(968), await play(500), await play(1_000)]).toEqual([['highscore'], ['gameover'], ['highscore']])
  })

  it('12: derives a fact from another, by a fact of the host in place of an almanac of one’s own', async () => {
    const facts: RouterOptions['facts'] = {
      piped: async ({ add }, facts) => Number(await facts.factValue('age')) + Number(add),
    }
    const rule = fires('Over 21(ish)', {
      all: [{ fact: 'piped', params: { add: 1 }, operator: 'greaterThanInclusive', value: 21 }],
    })
    const answers = await Promise.all([19, 21, 20].map((age) => fired([rule], { age }, { facts })))
    expect(answers).toEqual([[], ['Over 21(ish)'], ['Over 21(ish)']])
  })

  it('13: decorates operators, its own and the host’s', async () => {
    const facts = { validTags: ['dev', 'staging', 'load', 'prod'] }
    const decorators: RouterOptions['decorators'] = {
      caseInsensitive: (factValue: string, value: string, next) => next(factValue.toLowerCase(), value.toLowerCase()),
    }
    const valid = (operator: string) =>
      fires('valid tags', { all: [{ fact: 'tags', operator, value: { fact: 'validTags' } }] })
    expect(await fired([valid('everyFact:in')], { tags: ['dev', 'prod'] }, { facts })).toEqual(['valid tags'])
    expect(await fired([valid('everyFact:in')], { tags: ['dev', 'deleted'] }, { facts })).toEqual([])
    const loose = valid('everyFact:someValue:caseInsensitive:equal')
    expect(await fired([loose], { tags: ['dev', 'PROD'] }, { facts, decorators })).toEqual(['valid tags'])
  })
})

function fires(tag: string, conditions: object, more: object = {}): object {
  return { name: tag, conditions, event: { type: 'tag', params: { tags: [tag] } }, ...more }
}

async function fired(
  rules: readonly object[],
  facts: Facts,
  options: Partial<RouterOptions> = {},
): Promise<readonly string[]> {
  const { route, degraded } = createTestRouter(rules, options)
  const { routingResult } = await route(facts)
  expect(degraded).toEqual([])
  return routingResult.tags
}
