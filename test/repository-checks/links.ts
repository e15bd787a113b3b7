import { posix } from 'node:path'
import { codeBlocks } from './code-blocks'
import type { SourceFile } from './source-file'

/** Relative links and images of pages that lead to no file, or to no heading of a page. */
export function deadLinks(pages: readonly SourceFile[], exists: (path: string) => boolean): string[] {
  const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]))
  return pages.flatMap((page) =>
    linksOf(page).flatMap((link) => {
      const [, anchor] = link.split('#')
      const target = targetOf(page, link)
      if (!exists(target)) return [`${page.path}: ${link} leads to no file`]
      if (anchor === undefined || !target.endsWith('.md')) return []
      return anchors.get(target)?.has(anchor) ? [] : [`${page.path}: ${link} leads to no heading`]
    }),
  )
}

/** Pages that no other page leads to, but for those at the root, where a reader starts. */
export function orphans(pages: readonly SourceFile[]): string[] {
  const linked = new Set(
    pages.flatMap((page) =>
      linksOf(page)
        .map((link) => targetOf(page, link))
        .filter((target) => target !== page.path),
    ),
  )
  return pages.map(({ path }) => path).filter((path) => path.includes('/') && !linked.has(path))
}

function targetOf(page: SourceFile, link: string): string {
  const [file = ''] = link.split('#')
  return file === '' ? page.path : posix.join(posix.dirname(page.path), decodeURI(file)).replace(/\/$/, '')
}

function linksOf(page: SourceFile): string[] {
  const links = [...proseOf(page).matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|<(?:img|a)\s[^>]*?(?:src|href)="([^"]+)"/g)]
  return links.map(([, link, html]) => link ?? html ?? '').filter((link) => !/^([a-z]+:|\/\/)/i.test(link))
}

function anchorsOf(page: SourceFile): Set<string> {
  const headings = [...proseOf(page).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = '']) => anchorOf(heading))
  return new Set(
    headings.map((anchor, index) => {
      const before = headings.slice(0, index).filter((other) => other === anchor).length
      return before === 0 ? anchor : `${anchor}-${before}`
    }),
  )
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
  return words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
}

/** A page without what stands in code. */
function proseOf(page: SourceFile): string {
  const inBlocks = new Set(
    codeBlocks(page).flatMap(({ line, code }) => Array.from(code.split('\n'), (_, index) => line + index)),
  )
  const prose = page.text.split('\n').filter((_, index) => !inBlocks.has(index))
  return prose.join('\n').replace(/`[^`\n]*`/g, (code) => (/\]\(/.test(code) ? '' : code))
}
