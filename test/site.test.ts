import { readFileSync } from 'node:fs'
import MiniSearch from 'minisearch'
import { describe, expect, it } from 'vitest'
import config from '../docs/.vitepress/config'
import { layOutPages, type RepositoryPage, rootPages } from '../docs/.vitepress/lay-out-pages'
import { llmsText } from '../docs/.vitepress/llms-text'
import { searchOfChunk, searchOptions, wordsForGuides, wordsWithoutGuide } from '../docs/.vitepress/search'
import { deadLinks } from './repository-checks/links'
import { filesUnder, root } from './repository-checks/source-file'

const pages: RepositoryPage[] = [
  ...filesUnder('.', ['.md']).map(({ path, text }) => ({ path: path.replace('./', ''), text })),
  ...filesUnder('docs', ['.md']),
].filter(({ path }) => path in rootPages || /^docs\/(?!\.vitepress)/.test(path))
const site = layOutPages([...new Map(pages.map((page) => [page.path, page])).values()])
const homes = new Set(site.map(({ path }) => path))

describe('the site of the documentation', () => {
  it('[PK30] leads every link of its pages to one of them, to an image or to the names and types', () => {
    expect(site.length).toBeGreaterThan(50)
    const isThere = (path: string) => homes.has(path) || path === 'api/index.md' || /\.(png|svg)$/.test(path)
    expect(deadLinks(site, isThere)).toEqual([])
  })

  it('[PK30] has every page but decisions in its sidebar, and no page that is not there', () => {
    const links = JSON.stringify(config.themeConfig?.sidebar)
    const listed = [...links.matchAll(/"link":"\/([^"]*)"/g)].map(([, link = '']) =>
      link === '' || link.endsWith('/') ? `${link}index.md` : `${link}.md`,
    )
    expect(listed.filter((path) => !homes.has(path) && path !== 'api/index.md')).toEqual([])
    const missing = [...homes].filter((path) => !listed.includes(path) && !path.startsWith('decisions/'))
    expect(missing.filter((path) => !linkedFromPages.includes(path))).toEqual([])
  })

  it('[PK31] names every page in llms.txt, with its title and first sentence', () => {
    const text = llmsText(site)
    const lines = text.split('\n').filter((line) => line.startsWith('- '))
    expect(lines).toHaveLength(site.length)
    expect(lines.filter((line) => !/^- \[[^\]]+\]\([^)]+\.md\): .{10,}/.test(line))).toEqual([])
    expect(text).toContain(
      '- [Quick start](quick-start.md): Five minutes from nothing to a bell that rings for the right people.',
    )
  })
})

describe('the search of the site', () => {
  const index = new MiniSearch({ fields: ['title', 'titles', 'text'] })
  index.addAll([...site.flatMap(sectionsOf), ...generatedPages()])
  const search = (word: string) => index.search(word, searchOptions)

  it('[PK57] leads from each of the words of a new user to a guide first', () => {
    expect(wordsForGuides.length).toBeGreaterThanOrEqual(10)
    expect(wordsWithoutGuide(search)).toEqual([])
  })

  it('[PK57] would lead elsewhere if guides weighed no more than generated pages', () => {
    const unweighed = (word: string) => index.search(word, { ...searchOptions, boostDocument: () => 1 })
    expect(wordsWithoutGuide(unweighed).length).toBeGreaterThan(0)
    expect(wordsWithoutGuide(() => [])).toEqual(wordsForGuides.map((word) => `${word}: nothing`))
  })

  it('[PK57] is read from the chunk into which the site writes its index', () => {
    const small = new MiniSearch({ fields: ['title', 'titles', 'text'] })
    small.add({ id: '/guides/a.html', title: "A guide to 'mute' \\ `x`", titles: [], text: '' })
    const quoted = JSON.stringify(small).replaceAll('\\', '\\\\').replaceAll('`', '\\`')
    expect(searchOfChunk(`const t=\`${quoted}\`;export{t as default};`)('mute')[0]?.id).toBe('/guides/a.html')
    expect(() => searchOfChunk('export default 1')).toThrow('no index')
  })
})

describe('the diagrams', () => {
  const drawn = ['life-of-a-request', 'ring-ladder', 'ring-ladder-animated', 'layers', 'several-nodes']
  const images = drawn.map((name) => readFileSync(`${root}docs/images/${name}.svg`, 'utf8'))

  it('[PK58] follow light and dark, say in words what they show, and stand on a page', () => {
    for (const image of images) {
      expect(image).toContain('@media(prefers-color-scheme:dark)')
      expect(image).toMatch(/role="img" aria-label="[^"]{60,}"/)
    }
    const shown = drawn.filter((name) => site.some(({ text }) => text.includes(`images/${name}.svg`)))
    expect(shown).toEqual(drawn.filter((name) => name !== 'ring-ladder-animated'))
  })

  it('[PK58] move only where no less movement is asked for', () => {
    const moving = images.filter((image) => image.includes('animation'))
    expect(moving).toHaveLength(1)
    const [before = '', within = ''] = moving[0]?.split('@media(prefers-reduced-motion:no-preference)') ?? []
    expect(before).not.toContain('animation')
    expect(within).toContain('animation')
  })
})

describe('the laying out of pages', () => {
  it('moves links along, names what is not shown, and leaves code alone', () => {
    const [page] = layOutPages([
      {
        path: 'docs/guides/a.md',
        text: '# A\n[b](../b.md#c) [s](../../SECURITY.md) [code](../../src/x.ts) [out](https://x.org)\n```ts\n[b](../b.md)\n```\n',
      },
      { path: 'docs/b.md', text: '# B\n' },
      { path: 'SECURITY.md', text: '# S\n' },
    ])
    expect(page?.path).toBe('guides/a.md')
    expect(page?.text).toBe(
      '# A\n[b](../b.md#c) [s](../security.md) `code` [out](https://x.org)\n```ts\n[b](../b.md)\n```\n',
    )
  })
})

/** Pages that belong to another one, which leads to them. */
const linkedFromPages = ['code-of-conduct.md', 'erlang.md', 'mutation.md']

/** The sections of a page, as the search of the site has them: one for each heading, below the headings above it. */
function sectionsOf({ path, text }: RepositoryPage) {
  const [, ...parts] = text.split(/^#{1,3} /m)
  const page = parts[0]?.split('\n')[0] ?? ''
  return parts.map((part, at) => {
    const [title = '', ...lines] = part.split('\n')
    const id = `/${path.replace(/\.md$/, '.html')}${at === 0 ? '' : `#${at}`}`
    return { id, title, titles: at === 0 ? [] : [page], text: lines.join(' ') }
  })
}

/** Pages as TypeDoc generates them, whose titles are the words themselves. */
function generatedPages() {
  return wordsForGuides.map((word) => ({ id: `/api/${word}.html`, title: word, titles: [], text: `${word} ${word}` }))
}
