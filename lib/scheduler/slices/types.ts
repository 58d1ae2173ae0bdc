/** Thousandths of a card in one card. */
export const CARD_MILLI = 1_000;

/** A server as it is when nothing runs on it. */
export type ServerShape = {
  readonly model: string;
  readonly cards: number;
  readonly cpuMilli: number;
  readonly memoryMiB: number;
};

/**
 * What one workload asks of one server: no card, a slice of one, or `cards` cards of which `cardMilli` thousandths each.
 * `models` names the card models it accepts; empty means any.
 */
export type SliceSpec = {
  readonly cpuMilli: number;
  readonly memoryMiB: number;
  readonly cards: number;
  readonly cardMilli: number;
  readonly models: readonly string[];
};

/** How often a spec is asked for, relative to the others of a list. */
export type SpecDemand = { readonly spec: SliceSpec; readonly count: number };

/** Milli-cards that a spec takes in total. */
export function milliOf(spec: SliceSpec): number {
  return spec.cards * spec.cardMilli;
}

/** Whether a spec takes part of one card, so that it matters which. */
export function isSlice(spec: SliceSpec): boolean {
  return spec.cards === 1 && spec.cardMilli < CARD_MILLI;
}
