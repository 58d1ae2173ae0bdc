import type { PriceVersion, Term } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { floorToSecond, HOUR_MS, type Instant, instant, later, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import { type PriceE10, priceE10 } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { eventOf } from './admission.ts';
import type { Placement } from './amounts.ts';
import type { PoolMind } from './book.ts';
import { extended, extendedTo, extension, ownReservation } from './changes.ts';
import {
  AUTO_EXTEND_LEAD_SECONDS,
  AUTO_EXTEND_RETRY_SECONDS,
  AUTO_EXTEND_STEP_SECONDS_MAX,
  type AutoExtend,
  type SetAutoExtendPayload,
} from './change-types.ts';
import type { Booked, CatalogView } from './types.ts';
import type { Change, Decision, Wallets } from './decision-types.ts';
import type { Command, ReservationRefusal } from './command-types.ts';

/** 1e-10 yuan per card-hour over seconds, in 1e-8 yuan: the same factor as in R(t). */
const PRICE_SCALE = 360_000n;
const FULL_BPS = 10_000;

type Longer = { readonly next: Booked; readonly placement: Placement };

/** True when a step costs at most the cap per card-hour, bands and terms counted. */
function isWithinCap({ amountUnits, cardSeconds }: Placement, priceE10Max: bigint): boolean {
  return amountUnits * PRICE_SCALE <= priceE10Max * cardSeconds;
}

/** What a card-hour costs at most under a price version, in its dearest band or as part of a term: a cap that allows it. */
export function usualCap(price: PriceVersion, term: Term | null): PriceE10 {
  const offered = price.terms.find((each) => each.term === term);
  const factorBps = offered ? offered.factorBps : Math.max(FULL_BPS, ...price.bands.map((band) => band.factorBps));
  return priceE10((price.priceE10PerCardHour * BigInt(factorBps) + 9_999n) / BigInt(FULL_BPS));
}

/** The reservation one step longer, when the rule allows the step: its length, the price, the cap, the last end. */
function nextStep(
  catalog: Pick<CatalogView, 'skus' | 'prices'>,
  reservation: Booked,
  rule: Pick<AutoExtend, 'stepSeconds' | 'priceE10Max' | 'untilAt'>,
  now: Instant,
): Result<Longer, ReservationRefusal> {
  const { stepSeconds, priceE10Max, untilAt } = rule;
  const isWhole = reservation.term !== null || (stepSeconds * SECOND_MS) % HOUR_MS === 0;
  if (!isWhole || stepSeconds > AUTO_EXTEND_STEP_SECONDS_MAX) return refuse({ code: 'durationOutOfRange' });
  const longer = extended(catalog, reservation, stepSeconds, now);
  if (!longer.ok) return longer;
  const { next, placement } = longer.value;
  if (!isWithinCap(placement, priceE10Max)) {
    const perCardHour = (placement.amountUnits * 3_600n + placement.cardSeconds - 1n) / placement.cardSeconds;
    return refuse({ code: 'priceAboveCap', neededUnits: `${perCardHour}`, capUnits: `${priceE10Max / 100n}` });
  }
  if (untilAt !== null && present(next.interval.endAt, 'end') > untilAt) return refuse({ code: 'lastEndTooEarly' });
  return longer;
}

/** Sets or clears the rule. A rule that could not even make its first step is refused, with the reason. */
export function decideSetAutoExtend(
  mind: PoolMind,
  command: Command,
  payload: SetAutoExtendPayload,
  now: Instant,
): Decision {
  const found = ownReservation(mind, command, payload.reservationId, 'setAutoExtend');
  if (!found.ok) return { answer: found, changes: [] };
  const reservation = found.value;
  const answer = accept({ reservationId: reservation.id });
  const { rule } = payload;
  if (rule === null) {
    if (reservation.autoExtend === null) return { answer, changes: [] };
    return {
      answer,
      changes: [
        { kind: 'reservationChanged', reservation: { ...reservation, autoExtend: null } },
        eventOf(reservation, now, 'autoExtendOff'),
      ],
    };
  }
  const autoExtend: AutoExtend = {
    stepSeconds: rule.stepSeconds,
    priceE10Max: priceE10(BigInt(rule.priceE10Max)),
    untilAt: rule.untilAt === null ? null : instant(rule.untilAt),
    tryAt: floorToSecond(now),
    failure: null,
  };
  const first = nextStep(mind.book.catalog, reservation, autoExtend, now);
  if (!first.ok) return { answer: first, changes: [] };
  const { stepSeconds, priceE10Max, untilAt } = autoExtend;
  return {
    answer,
    changes: [
      { kind: 'reservationChanged', reservation: { ...reservation, autoExtend } },
      eventOf(reservation, now, 'autoExtendSet', { stepSeconds, priceE10Max: `${priceE10Max}`, untilAt }),
    ],
  };
}

/** When a running reservation extends itself next; null when it does not, or its end comes first. */
export function autoExtendDueAt({ state, interval, autoExtend }: Booked): Instant | null {
  if (state !== 'active' || autoExtend === null || interval.endAt === null) return null;
  const at = later(autoExtend.tryAt, plusSeconds(interval.endAt, -AUTO_EXTEND_LEAD_SECONDS));
  return at < interval.endAt ? at : null;
}

/**
 * Extends by one step as its owner would: same checks, same price, same hold. What cannot be made is said once for each
 * new reason and tried again up to the end; a last end that is reached is final.
 */
export function decideAutoExtend(mind: PoolMind, reservation: Booked, wallets: Wallets, at: Instant): Change[] {
  const rule = present(reservation.autoExtend, 'rule');
  const endAt = present(reservation.interval.endAt, 'end');
  const fresh: Booked = { ...reservation, autoExtend: { ...rule, failure: null } };
  const longer = nextStep(mind.book.catalog, fresh, rule, at);
  const made = longer.ok ? extension(mind, fresh, longer.value, wallets, at) : longer;
  if (longer.ok && made.ok) return [...made.value, eventOf(reservation, at, 'autoExtended', extendedTo(longer.value))];
  const reason = made.ok ? 'lastEndTooEarly' : made.refusal.code;
  const tryAt = reason === 'lastEndTooEarly' ? endAt : plusSeconds(at, AUTO_EXTEND_RETRY_SECONDS);
  const waiting: Booked = { ...reservation, autoExtend: { ...rule, tryAt, failure: reason } };
  return [
    { kind: 'reservationChanged', reservation: waiting },
    ...(reason === rule.failure ? [] : [eventOf(reservation, at, 'autoExtendFailed', { reason, endAt })]),
  ];
}
