// Several runs on one device, side by side: the run that is least far takes the next turn. Knows nothing of networks.
import type { TurnUnit } from '../experiment/protocol.ts';

/** How far a run is after a turn. */
export type Turn = Readonly<Record<TurnUnit, number>>;

export interface Player {
  /** Each `next` is one turn, the first of them its preparation; it never rejects. */
  readonly turns: AsyncGenerator<Turn, void, void>;
  /** Has been told to stop, and goes before all others. */
  readonly isUrgent: () => boolean;
}

/**
 * Plays until every player is done, one turn at a time. Players are as far apart in `by()` as one turn takes them; of
 * those equally far, the one that has waited longest is next.
 */
export async function takeTurns(players: readonly Player[], by: () => TurnUnit): Promise<void> {
  let waiting = players.map((player) => ({ player, turn: null as Turn | null }));
  const place = (turn: Turn | null): number => turn?.[by()] ?? Number.NEGATIVE_INFINITY;
  while (waiting.length > 0) {
    const next =
      waiting.find(({ player }) => player.isUrgent()) ??
      waiting.reduce((least, one) => (place(one.turn) < place(least.turn) ? one : least));
    const { done, value } = await next.player.turns.next();
    const others = waiting.filter((one) => one !== next);
    waiting = done ? others : [...others, { player: next.player, turn: value }];
  }
}
