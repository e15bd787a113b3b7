import { posix } from 'node:path'

export interface RepositoryPage {
  /** Relative to the repository, as in `docs/index.md`. */
  readonly path: string
  readonly text: string
}

/** Pages at the root of the repository that the site shows too. */
export const rootPages: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'changelog.md',
  'CODE_OF_CONDUCT.md': 'code-of-conduct.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
}

/**
 * Returns the pages as the site has them: `docs/` is its root, and links lead to the site's pages. A link to a file that
 * the site does not hold, such as a source file, becomes its label.
 */
export function layOutPages(pages: readonly RepositoryPage[]): RepositoryPage[] {
  const homes = new Map(pages.map(({ path }) => [path, rootPages[path] ?? path.replace(/^docs\//, '')]))
  return pages.map(({ path, text }) => {
    const home = homes.get(path) ?? path
    return { path: home, text: withoutCode(text, (prose) => relinked(withoutMarks(prose), path, home, homes)) }
  })
}

function relinked(text: string, path: string, home: string, homes: ReadonlyMap<string, string>): string {
  return text.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image: string, label: string, link: string) => {
    if (/^([a-z]+:|#|\/)/.test(link)) return whole
    const [file = '', anchor] = link.split('#')
    const target = posix.join(posix.dirname(path), file).replace(/\/$/, '')
    const there = target === 'docs/api' ? 'api/index.md' : (homes.get(target) ?? shipped(target))
    if (there === undefined) return `\`${label.replaceAll('`', '')}\``
    const relative = posix.relative(posix.dirname(home), there)
    return `${image}[${label}](${relative.startsWith('.') ? relative : `./${relative}`}${anchor === undefined ? '' : `#${anchor}`})`
  })
}

/** The path on the site of an image in `docs`; `undefined` for other files. */
function shipped(target: string): string | undefined {
  return /^docs\/.+\.(png|svg)$/.test(target) ? target.replace(/^docs\//, '') : undefined
}

/** Removes comments, which mark places for programs that write into a page. */
function withoutMarks(text: string): string {
  return text.replace(/^<!--.*-->$/gm, '')
}

/** Applies a change to the prose between blocks of code. */
function withoutCode(text: string, change: (prose: string) => string): string {
  return text
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('')
}
