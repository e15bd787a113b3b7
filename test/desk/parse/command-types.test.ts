import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as z from 'zod/mini'
import type { CommandInputOf, CommandInputType } from '../../../src'
import type { ParsedCommandOf } from '../../../src/desk/parse/command-input'
import { commandSchemas } from '../../../src/desk/parse/parse-command'

type Schemas = typeof commandSchemas

/** The types whose interface is not what the schema takes, or whose schema does not return what the desk executes. */
type Different = {
  [Type in CommandInputType]: z.input<Schemas[Type]> extends Loose<CommandInputOf<Type>>
    ? keyof CommandInputOf<Type> extends keyof z.input<Schemas[Type]>
      ? keyof z.input<Schemas[Type]> extends keyof CommandInputOf<Type>
        ? z.output<Schemas[Type]> extends Loose<ParsedCommandOf<Type>>
          ? never
          : Type
        : Type
      : Type
    : Type
}[CommandInputType]

/** A key that may be left out may be `undefined` too. */
type Loose<Value> = { [Key in keyof Value]: undefined extends Value[Key] ? Value[Key] | undefined : Value[Key] }

describe('the type of a command', () => {
  it('is what its schema takes, and what the schema returns is the parsed command', () => {
    expectTypeOf<keyof Schemas>().toEqualTypeOf<CommandInputType>()
    expectTypeOf<Different>().toEqualTypeOf<never>()
    expect(Object.keys(commandSchemas)).toContain('accept')
  })
})
