/** What is read of package-lock.json. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly resolved?: string
  readonly license?: string
  readonly dev?: boolean
  readonly peer?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Optional dependencies, such as the binaries of other platforms, that are named in the lockfile and not in it. */
export function missingOptionals({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${path || 'the package itself'} wants ${name}`),
  )
}

/** Packages that the lockfile ties to one registry. */
export function tiedToHost({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { resolved }]) =>
    resolved === undefined ? [] : [`${path}: ${resolved}`],
  )
}

/** Where Node looks for a package: `''`, or a path with a slash at its end. */
function foldersAbove(path: string): string[] {
  const folders = ['']
  for (let at = path.indexOf('node_modules/'); at !== -1; at = path.indexOf('node_modules/', at + 1)) {
    const end = path.indexOf('/node_modules/', at)
    folders.push(`${end === -1 ? path : path.slice(0, end)}/`)
  }
  return folders
}
