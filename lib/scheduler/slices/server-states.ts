import { CARD_MILLI, isSlice, type ServerShape, type SliceSpec } from './types.ts';

/** What is free on a server, and of which model its cards are. Equal states are one object. */
export type ServerState = {
  readonly model: string;
  readonly cpuMilli: number;
  readonly memoryMiB: number;
  /** Free thousandths of each card, in the order of the cards. */
  readonly cards: readonly number[];
  readonly freeMilli: number;
  readonly idleCards: number;
};

/** Whether a server in this state can take a spec: CPU, memory, model, and enough cards with enough room each. */
export function canHost(state: ServerState, spec: SliceSpec): boolean {
  if (!hasRoomBeside(state, spec)) return false;
  let found = 0;
  for (const free of state.cards) if (free >= spec.cardMilli) found += 1;
  return found >= spec.cards;
}

function hasRoomBeside(state: ServerState, spec: SliceSpec): boolean {
  if (spec.cpuMilli > state.cpuMilli || spec.memoryMiB > state.memoryMiB) return false;
  return spec.cards === 0 || spec.models.length === 0 || spec.models.includes(state.model);
}

/**
 * All states met so far, each once. A placement replaces a server's state by another one, so taking it back is exact,
 * and whatever is worked out for a state (a score, a forecast) holds for every server that comes to be in it.
 */
export class ServerStates {
  readonly #known = new Map<string, ServerState>();

  /** The state of a server on which nothing runs. */
  idle(shape: ServerShape): ServerState {
    const { model, cpuMilli, memoryMiB } = shape;
    return this.#intern(model, cpuMilli, memoryMiB, new Array<number>(shape.cards).fill(CARD_MILLI));
  }

  /**
   * The states that a server can be in once it has taken a spec, in the order of cards: one for each distinct choice of
   * card when it takes a slice, else one, with the lowest cards that fit. Empty when it cannot take it.
   */
  after(state: ServerState, spec: SliceSpec): ServerState[] {
    if (!hasRoomBeside(state, spec)) return [];
    const take = (chosen: readonly number[]): ServerState =>
      this.#intern(
        state.model,
        state.cpuMilli - spec.cpuMilli,
        state.memoryMiB - spec.memoryMiB,
        chosen.length === 0
          ? state.cards
          : state.cards.map((free, card) => (chosen.includes(card) ? free - spec.cardMilli : free)),
      );
    if (isSlice(spec)) {
      const firsts = new Map<number, number>();
      for (const [card, free] of state.cards.entries())
        if (free >= spec.cardMilli && !firsts.has(free)) firsts.set(free, card);
      return Array.from(firsts.values(), (card) => take([card]));
    }
    const fitting = state.cards.flatMap((free, card) => (free >= spec.cardMilli ? [card] : []));
    return fitting.length < spec.cards ? [] : [take(fitting.slice(0, spec.cards))];
  }

  #intern(model: string, cpuMilli: number, memoryMiB: number, cards: readonly number[]): ServerState {
    const key = `${model}|${cpuMilli}|${memoryMiB}|${cards.join()}`;
    const known = this.#known.get(key);
    if (known) return known;
    const state: ServerState = {
      model,
      cpuMilli,
      memoryMiB,
      cards,
      freeMilli: cards.reduce((sum, free) => sum + free, 0),
      idleCards: cards.filter((free) => free === CARD_MILLI).length,
    };
    this.#known.set(key, state);
    return state;
  }
}
