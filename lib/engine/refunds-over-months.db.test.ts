import { expect, test } from 'vitest';
import { closePeriod } from '#lib/billing/close.ts';
import { previewRefund } from '#lib/billing/preview-refund.ts';
import { present } from '#lib/core/assert.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { injectFault } from '#lib/devices/requests.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { decideRefundPolicy, listRefundPolicies, proposeRefundPolicy } from '#lib/reservations/refund-policies.ts';
import { extend, refund } from '#lib/reservations/service.ts';
import { financeCtx } from '#lib/vouchers/testing.ts';
import { book, customerOf, during, openTestMarket, PRICE_YUAN, runTo, settleDown, walletOf } from './testing-market.ts';
import { verifyDatabase } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(16, 100_000n);
const org = market.organisationId;
const DAY_UNITS = (24n * PRICE_YUAN * 100_000_000n * 9n) / 10n;
const NOVEMBER = present(parseMonth('2026-11'), 'month');
const DECEMBER_AT = instant(Date.UTC(2026, 10, 30, 16));
const [ops, other] = [await newStaff(['ops']), await newStaff(['finance'])];

const bookTerm = async (cards: number): Promise<string> => {
  const booked = await book(market, { skuId: 'sku_sg-zw810e-card', term: 'day', durationSeconds: null, cards });
  await settleDown(market);
  return present(booked.ok ? booked.value.reservationId : null, JSON.stringify(booked));
};
const refunded = async (reservationId: string) =>
  during(market, refund(await customerOf(org), { reservationId, idempotencyKey: `r-${reservationId}` }));

test('the rule is proposed by one and approved by another, and holds for what is bought from then on', async () => {
  const before = await bookTerm(1);
  await runTo(market, plusSeconds(market.startAt, 60));
  const wish = { terms: ['day', 'week', 'month'] as ('day' | 'week' | 'month')[], windowDays: 5, reason: 'test' };
  expect(await proposeRefundPolicy(await financeCtx(), { ...wish, windowDays: 31 })).toMatchObject({
    ok: false,
    refusal: { code: 'refundPolicyOutOfRange' },
  });
  const proposed = await proposeRefundPolicy(await financeCtx(), wish);
  const policyId = present(proposed.ok ? proposed.value.policyId : null, 'a proposal');
  const refusal = (code: string) => ({ ok: false, refusal: { code } });
  expect(await proposeRefundPolicy(await financeCtx(), wish)).toMatchObject(refusal('refundPolicyWaiting'));
  const decide = { policyId, isApproved: true };
  expect(await decideRefundPolicy(await financeCtx(), decide)).toMatchObject(refusal('refundPolicySamePerson'));
  expect(await decideRefundPolicy(await staffCtx(other), decide)).toMatchObject({ ok: true });
  expect(await decideRefundPolicy(await staffCtx(other), decide)).toMatchObject(refusal('refundPolicyDecided'));
  expect((await listRefundPolicies(await financeCtx())).inForce).toMatchObject({ policyId, windowDays: 5 });
  expect(await refunded(before)).toMatchObject(refusal('refundNotATerm'));
});

test('over a closed month and a credit for a failed card, what was paid comes back once and in the open month', async () => {
  await runTo(market, plusSeconds(DECEMBER_AT, -8 * 3_600));
  const before = await walletOf(org);
  const id = await bookTerm(16);
  for (const step of [1, 2]) {
    const longer = {
      reservationId: id,
      seconds: 86_400,
      quotedUnits: `${16n * DAY_UNITS}`,
      idempotencyKey: `x${step}`,
    };
    expect(await during(market, extend(await customerOf(org), longer))).toMatchObject({ ok: true });
  }
  const card = await withTx(SYSTEM, (tx) => tx.allocation.findFirst({ where: { reservationId: id } }));
  await injectFault(await staffCtx(ops), {
    target: { kind: 'card', id: present(card, 'a card').cardId },
    kind: 'lost',
    idempotencyKey: 'fault-1',
  });
  await settleDown(market);
  await runTo(market, monthCutoffAt(NOVEMBER));
  expect(await closePeriod(await financeCtx(), NOVEMBER)).toMatchObject({ ok: true });
  const given = await withTx(SYSTEM, (tx) => tx.slaCredit.findMany({ where: { reservationId: id } }));
  const givenUnits = given.reduce((sum, { amountUnits }) => sum + amountUnits, 0n);
  expect(givenUnits).toBeGreaterThan(0n);
  const backUnits = 3n * 16n * DAY_UNITS - givenUnits;
  expect(await previewRefund(await customerOf(org), { reservationId: id })).toMatchObject({
    ok: true,
    value: { paidUnits: 3n * 16n * DAY_UNITS, givenUnits, backUnits },
  });
  expect(await refunded(id)).toMatchObject({ ok: true });
  // The residue of November's invoice below a fen came back when the month was closed.
  const residue = await withTx(
    SYSTEM,
    (tx) => tx.$queryRaw<{ amount: bigint }[]>`
      SELECT coalesce(sum(p.credit_units), 0)::bigint AS amount FROM journal j JOIN posting p ON p.journal_id = j.id
        JOIN account a ON a.id = p.account_id AND a.kind = 'wallet' WHERE j.kind = 'residueReturned'`,
  );
  expect(await walletOf(org)).toBe((before ?? 0n) + (residue[0]?.amount ?? 0n));
  const journal = await withTx(SYSTEM, (tx) => tx.journal.findFirst({ where: { key: `refund-term:${id}` } }));
  expect(present(journal, 'the credit').effectiveAt.getTime()).toBeGreaterThan(DECEMBER_AT);
  const now = (await customerOf(org)).now;
  // What would be credited for December counts it no more; November keeps the figures behind its credit.
  const counted = (month: string) =>
    withTx(
      SYSTEM,
      (tx) => tx.$queryRaw<{ n: number }[]>`SELECT count(*)::int AS n FROM sla_figures(${month}, ${[id]}::text[])`,
    );
  expect([await counted('2026-11'), await counted('2026-12')]).toEqual([[{ n: 1 }], [{ n: 0 }]]);
  const ctx = { ...SYSTEM, now, actor: { kind: 'system', job: 'proving' } } as const;
  const broken = (await verifyDatabase(ctx)).filter(({ violations }) => violations > 0);
  expect(broken.map(({ name, example }) => `${name}: ${example}`)).toEqual([]);
}, 400_000);
