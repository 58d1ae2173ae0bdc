import type { FaultRates } from '../fault-rates.ts';
import { CARD_FAULT_KINDS, FAULT_KINDS, type FaultKind, NODE_FAULT_KINDS } from '../fault-types.ts';
import { uniform } from './hash.ts';
import type { SimCard, SimNode } from './state.ts';

/** How often what breaks by itself on one server, with the lot that it drew among lemons. */
export type Hazard = { readonly perHour: number; readonly kinds: readonly KindHazard[] };

export type KindHazard = {
  readonly kind: FaultKind;
  readonly perHour: number;
  /** What each card has of it; null when all have the same, or the kind strikes the server. */
  readonly perHourByCard: readonly number[] | null;
};

const LEMON_SALT = 21;

/** The hazard of a server, from its settings and those of its cards. Kinds that never come are left out. */
export function hazardOf(seed: number, rates: FaultRates | null, node: SimNode): Hazard {
  const lot = rates === null ? 1 : lotOf(seed, rates, node);
  const rateOf = ({ settings }: SimNode | SimCard, kind: FaultKind): number =>
    (settings.perHour[kind] ?? 0) * (settings.lemonFactor ?? lot);
  const isUniform = node.cards.every((card) => card.settings === node.settings);
  const kinds = FAULT_KINDS.map((kind): KindHazard => {
    if (!isCardKind(kind)) return { kind, perHour: rateOf(node, kind), perHourByCard: null };
    if (isUniform) return { kind, perHour: rateOf(node, kind) * node.cards.length, perHourByCard: null };
    const perHourByCard = node.cards.map((card) => rateOf(card, kind));
    return { kind, perHour: sum(perHourByCard), perHourByCard };
  }).filter(({ perHour }) => perHour > 0);
  return { kinds, perHour: sum(kinds.map(({ perHour }) => perHour)) };
}

/** True when a server is one of the few that fail often. */
export function isLemon(seed: number, rates: FaultRates, node: SimNode): boolean {
  return uniform(seed, node.key, LEMON_SALT) < rates.lemonShare;
}

/** The stated rates are fleet means, so what the lemons have more the others have less. */
function lotOf(seed: number, rates: FaultRates, node: SimNode): number {
  const fleetMean = 1 + rates.lemonShare * (rates.lemonFactor - 1);
  return (isLemon(seed, rates, node) ? rates.lemonFactor : 1) / fleetMean;
}

/** The kind on which a mark in [0, 1) falls; null when there is none. */
export function pickKind({ kinds, perHour }: Hazard, mark: number): KindHazard | null {
  const index = pick(
    kinds.map((kind) => kind.perHour),
    mark * perHour,
  );
  return kinds[index] ?? null;
}

/** The card on which a mark in [0, 1) falls; null for a kind that strikes the server. */
export function pickCard(node: SimNode, { kind, perHour, perHourByCard }: KindHazard, mark: number): SimCard | null {
  if (!isCardKind(kind)) return null;
  const index = perHourByCard ? pick(perHourByCard, mark * perHour) : Math.floor(mark * node.cards.length);
  return node.cards[index] ?? null;
}

export function isCardKind(kind: FaultKind): boolean {
  return CARD_FAULT_KINDS.some((candidate) => candidate === kind);
}

export function isNodeKind(kind: FaultKind): boolean {
  return NODE_FAULT_KINDS.some((candidate) => candidate === kind);
}

/** The place whose weight a mark falls into; the last that has any when rounding carries it beyond all. */
function pick(weights: readonly number[], mark: number): number {
  let left = mark;
  let picked = -1;
  for (const [index, weight] of weights.entries()) {
    if (weight <= 0) continue;
    picked = index;
    left -= weight;
    if (left < 0) break;
  }
  return picked;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
