import type { CommandInputOf, CommandInputType } from '../parse/command-input'

/** The last parameter of a command's method: the command's keys, without its positional parameters. */
export type OptionsOf<Type extends CommandInputType, Positional extends string = never> = Omit<
  CommandInputOf<Type>,
  'type' | Positional
>

/** `reroute`: routes all open requests anew; otherwise they keep the routes that they have. */
export type RulesOptions = OptionsOf<'setWorkflows', 'workflows'>
