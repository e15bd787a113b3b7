import type { SourceFile } from './source-file'

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: string
  /** The line of its opening fence; the first is 1. */
  readonly line: number
  readonly language: string
  /** Words behind the language: `run`, `continued`. */
  readonly marks: readonly string[]
  readonly code: string
}

/** The fenced blocks of a page, in order. */
export function codeBlocks({ path, text }: SourceFile): CodeBlock[] {
  const blocks: CodeBlock[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent, fence, language, marks = ''] = /^(\s*)(`{3,})(\w*)\s*(.*)$/.exec(lines[at] ?? '') ?? []
    if (indent === undefined || fence === undefined || language === undefined) continue
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence)
    const code = lines.slice(at + 1, end === -1 ? lines.length : end).map((line) => line.replace(indent, ''))
    blocks.push({
      page: path,
      line: at + 1,
      language,
      marks: marks.split(/\s+/).filter(Boolean),
      code: `${code.join('\n')}\n`,
    })
    at = end === -1 ? lines.length : end
  }
  return blocks
}

/**
 * A program of a page: a `ts` block with every `ts continued` block that follows it, and the output that it promises.
 */
export interface Sample {
  readonly page: string
  readonly line: number
  readonly code: string
  /** The `text` block after a `ts run` block; `undefined` for one that only compiles. */
  readonly prints: string | undefined
}

/** The programs of a page. */
export function samplesOf(page: SourceFile): Sample[] {
  const blocks = codeBlocks(page)
  const samples: Sample[] = []
  let code = ''
  for (const [index, block] of blocks.entries()) {
    if (block.language !== 'ts') continue
    code = block.marks.includes('continued') ? code + block.code : block.code
    const next = blocks[index + 1]
    const printed = next?.language === 'text' ? next.code : ''
    samples.push({ page: page.path, line: block.line, code, prints: block.marks.includes('run') ? printed : undefined })
  }
  return samples
}
