import { Player, type Witness } from './player'
import type { Scenario } from './scenario'

/** Tells a scenario from its beginning to its end and gives back the player, who can go on from there. */
export function play(scenario: Scenario, witness: Witness = {}): Player {
  const player = new Player({ at: scenario.startAt, policy: scenario.policy }, witness)
  for (const deed of scenario.setup) player.do(deed)
  for (const move of scenario.moves) player.move(move)
  return player
}
