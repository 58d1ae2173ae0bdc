import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant, type Instant } from '#lib/core/instant.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { type RefundFacts, restoreRefunds } from '#lib/reservations/refund-terms.ts';
import { decideRound } from './batch.ts';
import { factsOf } from './simulate/facts.ts';
import { booking, commandOf, ORG, RICH, smallPool, T0 } from './testing.ts';

const hoursAfter = (hours: number): Instant => instant(T0 + hours * 3_600_000);
const ids = ['rsv_a', 'rsv_b'] as Id<'reservation'>[];
const FACTS: RefundFacts = {
  policyId: 'trp_test' as Id<'termRefundPolicy'>,
  terms: ['day'],
  windowDays: 1,
  organisationId: ORG,
  skuId: 'sku_card' as Id<'sku'>,
  isUsed: false,
  isPartGivenBack: false,
};
const term = (id: string) =>
  booking(id, { skuId: 'sku_card', priceVersionId: 'prv_card', term: 'day', durationSeconds: null, cards: 4 });

/** A pool with two running terms of one organisation, and a round that sees what is known of their refunds. */
function setup() {
  const mind = smallPool(2);
  const round = (payloads: readonly CommandPayload[], now: Instant) =>
    decideRound(mind, { reports: [], commands: payloads.map((each) => commandOf(each)), wallets: RICH, now });
  round([term('rsv_a'), term('rsv_b')], T0);
  restoreRefunds(mind.book.refunds, new Map(ids.map((id) => [id, FACTS])));
  return { mind, round };
}
const refund = (reservationId: string) => ({ kind: 'refund', reservationId }) as const;
const codes = ({ entries }: ReturnType<typeof decideRound>) =>
  entries.flatMap(({ command, answer }) => (command ? [answer.ok ? 'ok' : answer.refusal.code] : []));

test('a refund frees every card on the second and ends the term, charged as unused no more', () => {
  const { mind, round } = setup();
  const { changes } = round([refund('rsv_a')], instant(hoursAfter(3) + 900));
  const closed = changes.flatMap((change) => (change.kind === 'bindingsClosed' ? [change] : []));
  expect(closed.flatMap(({ ids: bound }) => bound)).toHaveLength(4);
  expect(closed.map(({ endAt, unusedUntil }) => [endAt, unusedUntil ?? null])).toEqual([[hoursAfter(3), null]]);
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'reservationEnded', at: hoursAfter(3), reason: 'refunded' }),
  );
  expect(changes.map(({ kind }) => kind)).not.toContain('hoursCredited');
  expect(mind.book.reservations.has('rsv_a' as Id<'reservation'>)).toBe(false);
});

test('of two refunds of a SKU in one round the second is refused, and taking the round back takes that back', () => {
  const { mind, round } = setup();
  const before = factsOf(mind, hoursAfter(3));
  const both = round([refund('rsv_a'), refund('rsv_b')], hoursAfter(3));
  expect(codes(both)).toEqual(['ok', 'refundUsedBefore']);
  both.undo();
  expect(factsOf(mind, hoursAfter(3))).toEqual(before);
  expect(codes(round([refund('rsv_b'), refund('rsv_a')], hoursAfter(3)))).toEqual(['ok', 'refundUsedBefore']);
});

test('cards given back earlier in the same round count', () => {
  const { round } = setup();
  const shrink: CommandPayload = { kind: 'shrink', reservationId: 'rsv_a', cards: 1, cardIds: [] };
  expect(codes(round([shrink, refund('rsv_a'), refund('rsv_b')], hoursAfter(3)))).toEqual([
    'ok',
    'refundPartReturned',
    'ok',
  ]);
});

test('others’ terms do not exist, and what nothing is known of is not refunded', () => {
  const { mind, round } = setup();
  const stranger = { ...commandOf(refund('rsv_a')), organisationId: 'org_b' as Id<'organisation'> };
  const asked = decideRound(mind, { reports: [], commands: [stranger], wallets: RICH, now: hoursAfter(1) });
  expect(codes(asked)).toEqual(['reservationUnknown']);
  mind.book.refunds.clear();
  expect(codes(round([refund('rsv_a')], hoursAfter(1)))).toEqual(['refundNotATerm']);
});
