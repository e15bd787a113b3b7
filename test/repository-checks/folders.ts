import type { SourceFile } from './source-file'

const filesMax = 245
const siblingsMax = 15

/** A tree of more than 245 files, and folders of more than 15 files beside their subfolders. */
export function crowdedFolders(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>()
  for (const { path } of files) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  const crowded = [...counts].filter(([, count]) => count > siblingsMax)
  return [
    ...(files.length > filesMax ? [`${files.length} files, at most ${filesMax}`] : []),
    ...crowded.map(([folder, count]) => `${folder}: ${count} files, at most ${siblingsMax}`),
  ]
}
