import type { SourceFile } from './source-file'

/** A word of private English, and the plain word that is written instead. */
interface RefusedWord {
  readonly pattern: RegExp
  readonly instead: string
  /** Paths in which the word is a term of something else. */
  readonly allowedIn?: RegExp
}

/** The list of `docs/glossary.md`, as patterns over text in which identifiers are split into their words. */
const refusedWords: readonly RefusedWord[] = [
  { pattern: /\btold\b/i, instead: 'reported, notified, described or formatted' },
  { pattern: /\bhear(s|d)?\b/i, instead: 'receives, or has listeners' },
  { pattern: /\bways? out\b/i, instead: 'an unsubscribe function' },
  { pattern: /\bwhoever\b/i, instead: 'the caller, the staff member, the node' },
  { pattern: /\bdear(er|est)?\b/i, instead: 'expensive' },
  { pattern: /\blet(s|ting)? go of\b/i, instead: 'releases' },
  { pattern: /\bby lot\b/i, instead: 'at random' },
  { pattern: /\bat rest\b/i, instead: 'idle' },
  { pattern: /\bbesides\b/i, instead: 'also' },
  { pattern: /\bthe trade\b/i, instead: 'the field' },
  { pattern: /\bfloors?\b/i, instead: 'layer, or baseline' },
  { pattern: /\bdoors?\b/i, instead: 'entry point' },
  { pattern: /\bhouses?\b/i, instead: 'architecture, or repository' },
  { pattern: /\bnewcomers?\b/i, instead: 'consumer, or new user' },
  { pattern: /\bplanted\b/i, instead: 'mutant' },
  { pattern: /\bwitness(es)?\b/i, instead: 'reference model, or observer' },
  // TypeScript names parts of its syntax so.
  { pattern: /\bclauses?\b/i, instead: 'case', allowedIn: /^test\/repository-checks\/(syntax|api-report|style)\.ts$/ },
  { pattern: /\bdeeds?\b/i, instead: 'action' },
  { pattern: /\bpictures?\b/i, instead: 'state, or image' },
]

/** `Math.floor`, the product's front door, and HTML's own element. */
const otherMeanings = /\bMath\.(floor|hear)\b|\bfront[- ]door\b|<\/?picture\b|\bdoorbells?\b/gi

/** This list, its tests, and the pages that quote the words in order to refuse them. */
const quoting = /^(test\/repository-checks\/refused-words\.ts|test\/refused-words\.test\.ts|docs\/glossary\.md)$/

/** Every refused word in a file, as `path:line: word: write … instead`; identifiers count, block quotations do not. */
export function refusedWordsIn(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (quoting.test(path)) return []
    return text.split('\n').flatMap((line, index) => {
      if (path.endsWith('.md') && line.startsWith('>')) return []
      const words = separated(line)
      return refusedWords.flatMap(({ pattern, instead, allowedIn }) => {
        const found = pattern.exec(words)
        if (found === null || allowedIn?.test(path) === true) return []
        return [`${path}:${index + 1}: "${found[0]}": write ${instead}`]
      })
    })
  })
}

/** `toldRoute`, `TOLD_ROUTE` and `told-route` as `told route`, so that a pattern finds words in identifiers. */
function separated(line: string): string {
  return line
    .replace(otherMeanings, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
}
