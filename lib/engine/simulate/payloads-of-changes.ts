import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { cardsStepOf } from '#lib/core/topology.ts';
import type { SetAutoExtendPayload, ShrinkPayload } from '#lib/reservations/change-types.ts';
import { extended } from '#lib/reservations/changes.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { freedBy } from '#lib/reservations/giving-back-money.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Mind } from '../mind.ts';
import type { ChangeStep } from './steps.ts';

const DAY_SECONDS = 86_400;

/** What an act is rather done to, where there is any: the first of these that is not empty. */
function preferred(act: ChangeStep['act'], all: readonly Booked[]): readonly Booked[] {
  const terms = all.filter(({ term }) => term !== null);
  const [running, ahead] = [terms.filter(({ state }) => state === 'active'), all.filter((each) => !isBegun(each))];
  const lists: Partial<Record<ChangeStep['act'], readonly (readonly Booked[])[]>> = {
    refund: [running, terms],
    shrink: [all.filter(({ cards }) => cards > 1)],
    autoExtend: [all.filter(({ interval }) => interval.endAt !== null)],
    offerTransfer: [ahead],
    handOver: [ahead],
    withdrawTransfer: [all.filter(({ offeredTo }) => offeredTo !== null)],
    acceptTransfer: [all.filter(({ offeredTo }) => offeredTo !== null)],
  };
  return lists[act]?.find((list) => list.length > 0) ?? [];
}

const isBegun = ({ state }: Booked): boolean => state === 'active';

/** What a step changes: what it picked, or what its act makes more sense of, where there is any. */
export function targetOf(
  picked: Booked | undefined,
  { reservations }: Mind['book'],
  { act, pick }: ChangeStep,
): Booked | undefined {
  const targets = preferred(
    act,
    [...reservations.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  return targets[pick % Math.max(1, targets.length)] ?? picked;
}

/** A part of the cards, mostly one that may be given back; now and then cards that are named. */
function shrinkOf(mind: Mind, target: Booked, { seconds, pick }: ChangeStep): ShrinkPayload {
  const { id, topology, gang, skuId, cards, isBound } = target;
  const { shape } = present(mind.book.catalog.skus.get(skuId), 'SKU');
  const step = seconds % 9 === 0 ? 1 : cardsStepOf(topology, shape, gang ?? undefined);
  const count = step * (1 + (pick % Math.max(1, Math.ceil(cards / step) - 1)));
  const isNamed = isBound && seconds % 4 === 0;
  const bound = isNamed ? mind.book.bindingsOf(id).slice(0, count) : [];
  const cardIds = bound.map(({ card }) => present(mind.book.cards[card], `card ${card}`).id);
  return { kind: 'shrink', reservationId: id, cards: count, cardIds };
}

/** A rule that mostly can make its first step; some have a low cap or a last end, some are switched off. */
function ruleOf({ id, term, interval }: Booked, { seconds, pick }: ChangeStep): SetAutoExtendPayload {
  const stepSeconds = term ? DAY_SECONDS : 3_600 * (1 + (seconds % 3));
  const untilAt = pick % 3 === 0 && interval.endAt !== null ? plusSeconds(interval.endAt, 4 * stepSeconds) : null;
  const priceE10Max = pick % 7 === 0 ? '60000000000' : '900000000000';
  const rule = pick % 5 === 0 ? null : { stepSeconds, priceE10Max, untilAt };
  return { kind: 'setAutoExtend', reservationId: id, rule };
}

/** An extension at the price that it was shown. */
function extensionOf(mind: Mind, target: Booked, { seconds }: ChangeStep, now: Instant): CommandPayload {
  const length = target.term ? DAY_SECONDS : seconds;
  const longer = extended(mind.book.catalog, target, length, now);
  const quotedUnits = longer.ok ? `${longer.value.placement.amountUnits}` : '0';
  return { kind: 'extend', reservationId: target.id, seconds: length, quotedUnits };
}

/** What is handed over at what was paid for it. */
function acceptOf(mind: Mind, target: Booked, newReservationId: string, now: Instant): CommandPayload {
  const price = present(mind.book.catalog.prices.get(target.priceVersionId), 'price version');
  const { amountUnits } = freedBy(price, target, target.cards, floorToSecond(now));
  return { kind: 'acceptTransfer', reservationId: target.id, newReservationId, quotedUnits: `${amountUnits}` };
}

type Asked = { readonly organisationId: Id<'organisation'>; readonly payload: CommandPayload };
/** What a change is asked from: memory, who there is, the id of a reservation that it may make, and the time. */
export type Asking = {
  readonly mind: Mind;
  readonly organisations: readonly Id<'organisation'>[];
  readonly newId: string;
  readonly now: Instant;
};

type OwnersStep = ChangeStep & { readonly act: Exclude<ChangeStep['act'], 'acceptTransfer'> };

/** Whom a step offers something to. */
const receiverOf = ({ organisations }: Asking, { seconds }: ChangeStep): Id<'organisation'> =>
  present(organisations[seconds % organisations.length], 'organisation');

/** What the owner of a reservation asks for. */
function ownersWish(asking: Asking, target: Booked, step: OwnersStep): CommandPayload {
  const { mind, now } = asking;
  const reservationId = target.id;
  switch (step.act) {
    case 'extend':
      return extensionOf(mind, target, step, now);
    case 'shrink':
      return shrinkOf(mind, target, step);
    case 'autoExtend':
      return ruleOf(target, step);
    case 'offerTransfer':
    case 'handOver': {
      const to = receiverOf(asking, step);
      return { kind: 'offerTransfer', reservationId, toOrganisationId: to, fromName: 'Simulated', toSlug: to };
    }
    case 'cancel':
    case 'release':
    case 'refund':
    case 'withdrawTransfer':
      return { kind: step.act, reservationId };
  }
}

/**
 * What a change of a reservation asks for, in order, and who asks: its owner, whoever it is offered to, or somebody whom it
 * is no business of. What is asked of a target is answered whatever it is.
 */
export function changesOf(asking: Asking, target: Booked, step: ChangeStep): Asked[] {
  const { mind, organisations, newId, now } = asking;
  const { act } = step;
  const { organisationId: owner, offeredTo } = target;
  const right = act === 'acceptTransfer' ? (offeredTo ?? owner) : owner;
  const asker = step.isOwn ? right : (organisations.find((id) => id !== right) ?? right);
  if (act === 'acceptTransfer') return [{ organisationId: asker, payload: acceptOf(mind, target, newId, now) }];
  const asked = { organisationId: asker, payload: ownersWish(asking, target, { ...step, act }) };
  if (act !== 'handOver') return [asked];
  return [asked, { organisationId: receiverOf(asking, step), payload: acceptOf(mind, target, newId, now) }];
}
