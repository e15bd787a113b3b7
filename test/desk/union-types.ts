import ts from 'typescript'

/** Reads unions out of the types of source files, so that pages which list them can be held to them. */
export class UnionTypes {
  readonly #program: ts.Program
  readonly #checker: ts.TypeChecker

  constructor(files: readonly string[]) {
    const options = { strict: true, noEmit: true, types: [], lib: ['lib.es5.d.ts'] }
    this.#program = ts.createProgram(files, options)
    this.#checker = this.#program.getTypeChecker()
  }

  /** The members of a union of object types, by their discriminant, each with the names of its other properties. */
  members(file: string, union: string, discriminant: string): Map<string, string[]> {
    return new Map(
      this.#parts(file, union).map((member) => {
        const property = member.getProperty(discriminant)
        const literal = property && this.#checker.getTypeOfSymbol(property)
        const names = member.getProperties().map(({ name }) => name)
        return [literal?.isStringLiteral() ? literal.value : '?', names.filter((name) => name !== discriminant)]
      }),
    )
  }

  /** The words of a union of texts. */
  stringMembers(file: string, union: string): string[] {
    return this.#parts(file, union).flatMap((word) => (word.isStringLiteral() ? [word.value] : []))
  }

  #parts(file: string, union: string): readonly ts.Type[] {
    const source = this.#program.getSourceFile(file)
    const module = source && this.#checker.getSymbolAtLocation(source)
    const exported = module && this.#checker.getExportsOfModule(module).find(({ name }) => name === union)
    if (exported === undefined) throw new Error(`${file} exports no ${union}`)
    const type = this.#checker.getDeclaredTypeOfSymbol(exported)
    return type.isUnion() ? type.types : [type]
  }
}
