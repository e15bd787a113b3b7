import { describe, expect, it } from 'vitest'
import { refusedWordsIn } from './repository-checks/refused-words'
import { filesUnder, type SourceFile } from './repository-checks/source-file'

const endings = ['.ts', '.tsx', '.mts', '.cts', '.mjs', '.cjs', '.html', '.css', '.md']
const files = [
  ...['src', 'examples', 'bench', 'test', 'docs', 'skills'].flatMap((folder) => filesUnder(folder, endings)),
  ...filesUnder('.', ['.md']).filter(({ path }) => /^\.\/[A-Z_]+\.md$/.test(path)),
]

describe('the words of code and docs', () => {
  it('[X33] are none of those that the glossary refuses', () => {
    expect(files.length).toBeGreaterThan(500)
    expect(refusedWordsIn(files)).toEqual([])
  })

  it('are found in prose, in identifiers of every case, and in names of files', () => {
    const found = (text: string) => refusedWordsIn([file('a.ts', text)]).length
    expect(['// It is told.', 'const toldRoute = 1', 'TOLD_ROUTE', '#isTold', "'told-route'"].map(found)).toEqual([
      1, 1, 1, 1, 1,
    ])
    expect(found('letsGoOf(x) // whoever hears it')).toBe(3)
    expect(found('const golden = Math.floor(untolded) + household + shear')).toBe(0)
  })

  it('are left alone in quotations, and where another field has the word', () => {
    expect(refusedWordsIn([file('docs/a.md', '> as they were told\n\nthe front door')])).toEqual([])
    expect(refusedWordsIn([file('test/repository-checks/syntax.ts', 'node.importClause')])).toEqual([])
    expect(refusedWordsIn([file('src/a.ts', 'node.importClause')])).toHaveLength(1)
  })
})

function file(path: string, text: string): SourceFile {
  return { path, text }
}
