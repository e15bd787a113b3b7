import { describe, expect, it } from 'vitest'
import config from '../docs/.vitepress/config'
import { layOutPages, type RepositoryPage, rootPages } from '../docs/.vitepress/lay-out-pages'
import { llmsText } from '../docs/.vitepress/llms-text'
import { deadLinks } from './repository-checks/links'
import { filesUnder } from './repository-checks/source-file'

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
