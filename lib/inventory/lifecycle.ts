import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { Permission } from '#lib/identity/permissions.ts';
import type { Health } from './types.ts';

/** What people have decided about a card. What its device says of it is its health, and apart from this. */
export const LIFECYCLES = ['in_service', 'cordoned', 'draining', 'maintenance', 'repair', 'returned'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

/** What a state means: whether new work may come, and whether anybody may have the card in it. */
export const LIFECYCLE_IS = {
  in_service: { open: true, holdable: true },
  cordoned: { open: false, holdable: true },
  draining: { open: false, holdable: true },
  maintenance: { open: false, holdable: false },
  repair: { open: false, holdable: false },
  returned: { open: false, holdable: false },
} as const satisfies Record<Lifecycle, { readonly open: boolean; readonly holdable: boolean }>;

export const CARD_ACTS = [
  'cordon',
  'drain',
  'uncordon',
  'startMaintenance',
  'finishMaintenance',
  'sendToRepair',
  'takeBack',
  'returnToVendor',
  'receive',
] as const;
export type CardAct = (typeof CARD_ACTS)[number];

/**
 * What an act asks of the card. `empty`: nobody has it now, and no reservation is bound to it. `works`: the device is
 * up and takes new work. `healthy`: it does, and nothing is degraded.
 */
export type ActNeed = 'nothing' | 'empty' | 'works' | 'healthy';

type ActRule = {
  readonly from: readonly Lifecycle[];
  readonly to: Lifecycle;
  readonly needs: ActNeed;
  readonly permission: Permission;
  /** True when the act must say why; the reason stays in the card's history. */
  readonly hasReason: boolean;
};

/**
 * The whole law of a card's life: read by the command's decision, by the pages' buttons, and, as rows of
 * `card_lifecycle_rule`, by the database. A card that is worked on cannot be held, so it must be empty first; a card
 * comes back only when its device proves that it works.
 */
export const ACT_RULES = {
  cordon: {
    from: ['in_service', 'draining'],
    to: 'cordoned',
    needs: 'nothing',
    permission: 'inventory:cordon',
    hasReason: true,
  },
  drain: {
    from: ['in_service', 'cordoned'],
    to: 'draining',
    needs: 'nothing',
    permission: 'inventory:cordon',
    hasReason: true,
  },
  uncordon: {
    from: ['cordoned', 'draining'],
    to: 'in_service',
    needs: 'nothing',
    permission: 'inventory:cordon',
    hasReason: false,
  },
  startMaintenance: {
    from: ['in_service', 'cordoned', 'draining'],
    to: 'maintenance',
    needs: 'empty',
    permission: 'inventory:maintain',
    hasReason: true,
  },
  finishMaintenance: {
    from: ['maintenance'],
    to: 'in_service',
    needs: 'works',
    permission: 'inventory:maintain',
    hasReason: false,
  },
  sendToRepair: {
    from: ['in_service', 'cordoned', 'draining', 'maintenance'],
    to: 'repair',
    needs: 'empty',
    permission: 'inventory:maintain',
    hasReason: true,
  },
  takeBack: {
    from: ['repair'],
    to: 'in_service',
    needs: 'healthy',
    permission: 'inventory:maintain',
    hasReason: false,
  },
  returnToVendor: {
    from: ['maintenance', 'repair'],
    to: 'returned',
    needs: 'empty',
    permission: 'inventory:return',
    hasReason: true,
  },
  receive: {
    from: ['returned'],
    to: 'repair',
    needs: 'nothing',
    permission: 'inventory:return',
    hasReason: true,
  },
} as const satisfies Record<CardAct, ActRule>;

/** The rule of an act, for those that do not know which act it is. */
export function ruleOf(act: CardAct): ActRule {
  return ACT_RULES[act];
}

/** What an act is judged by. */
export type ActSubject = {
  readonly lifecycle: Lifecycle;
  /** Somebody has it now, or a reservation is bound to have it. */
  readonly isHeld: boolean;
  readonly health: Health;
  readonly takesNewWork: boolean;
};

/** `done`: the card is there already. `wrongState`: there is no such way from where it is. Else what it lacks. */
export const ACT_VERDICTS = ['applies', 'done', 'wrongState', 'held', 'notWorking', 'notHealthy'] as const;
export type ActVerdict = (typeof ACT_VERDICTS)[number];

const NEED_VERDICTS: Readonly<Record<ActNeed, (card: ActSubject) => ActVerdict>> = {
  nothing: () => 'applies',
  empty: ({ isHeld }) => (isHeld ? 'held' : 'applies'),
  works: (card) => (isUp(card) && card.takesNewWork ? 'applies' : 'notWorking'),
  healthy: (card) => (card.health === 'healthy' && card.takesNewWork ? 'applies' : 'notHealthy'),
};

const isUp = ({ health }: ActSubject): boolean => health === 'healthy' || health === 'degraded';

/** What an act would do to one card. */
export function judgeCard(act: CardAct, card: ActSubject): ActVerdict {
  const { from, to, needs } = ruleOf(act);
  if (card.lifecycle === to) return 'done';
  return from.includes(card.lifecycle) ? NEED_VERDICTS[needs](card) : 'wrongState';
}

/** Why an act on cards is refused; the numbers say how many cards stand in the way. */
export type LifecycleRefusal =
  | { readonly code: 'cardsInWrongState'; readonly cards: number }
  | { readonly code: 'cardsHeld'; readonly cards: number }
  | { readonly code: 'cardsNotWorking'; readonly cards: number }
  | { readonly code: 'cardsNotHealthy'; readonly cards: number };

const BLOCKING = [
  ['held', 'cardsHeld'],
  ['notWorking', 'cardsNotWorking'],
  ['notHealthy', 'cardsNotHealthy'],
] as const satisfies readonly (readonly [ActVerdict, LifecycleRefusal['code']])[];

/**
 * What an act on several cards comes to, from how many cards have each verdict. All or nothing: one card that lacks
 * what the act needs refuses it for all, because a server is not opened while one of its cards works. Cards that are
 * there already, or in a state that the act does not concern, are left as they are; if there are only the latter, that
 * is refused.
 */
export function judgeAct(counts: Readonly<Record<ActVerdict, number>>): Result<null, LifecycleRefusal> {
  for (const [verdict, code] of BLOCKING) if (counts[verdict] > 0) return refuse({ code, cards: counts[verdict] });
  const isEmpty = counts.applies + counts.done === 0;
  return isEmpty && counts.wrongState > 0
    ? refuse({ code: 'cardsInWrongState', cards: counts.wrongState })
    : accept(null);
}

/** How many cards have each verdict. */
export function countVerdicts(act: CardAct, cards: Iterable<ActSubject>): Record<ActVerdict, number> {
  const counts = { applies: 0, done: 0, wrongState: 0, held: 0, notWorking: 0, notHealthy: 0 };
  for (const card of cards) counts[judgeCard(act, card)] += 1;
  return counts;
}

/** True once a card that is being emptied has nobody left: work on it may begin. */
export function isDrained({ lifecycle, isHeld }: Pick<ActSubject, 'lifecycle' | 'isHeld'>): boolean {
  return lifecycle === 'draining' && !isHeld;
}
