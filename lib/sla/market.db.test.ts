import { expect, test } from 'vitest';
import { explainJournal } from '#lib/billing/explain/journals.ts';
import { present } from '#lib/core/assert.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import type { Month } from '#lib/core/period.ts';
import { injectFault } from '#lib/devices/requests.ts';
import {
  book,
  customerOf,
  detailOf,
  killEngine,
  openTestMarket,
  runTo,
  seedCustomer,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { listNotices } from '#lib/notices/service.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { seedVoucher } from '#lib/vouchers/testing.ts';
import { listAvailability } from './service.ts';

await createTestDatabase();
const market = await openTestMarket(16, 100_000n);
const ops = await newStaff(['ops']);
const NOVEMBER = '2026-11' as Month;
const DECEMBER_AT = instant(Date.UTC(2026, 10, 30, 16));

let asked = 0;
/** A card of a reservation falls off the bus; nobody mends it. */
async function breakCardOf(reservationId: string): Promise<void> {
  const card = await withTx(SYSTEM, (tx) =>
    tx.allocation.findFirst({ where: { reservationId, endAt: { not: null } }, select: { cardId: true } }),
  );
  asked += 1;
  const id = present(card, 'a card').cardId;
  await injectFault(await staffCtx(ops), {
    target: { kind: 'card', id },
    kind: 'lost',
    idempotencyKey: `f${asked}`,
  });
  await settleDown(market);
}

async function booked(cards: number, organisationId = market.organisationId): Promise<string> {
  const answer = await book(market, { cards, durationSeconds: 4 * 3_600 }, organisationId);
  return present(answer.ok ? answer.value.reservationId : null, JSON.stringify(answer));
}

async function broken(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) names.push(name);
  return names;
}

test('a card that failed without a replacement is credited at the month’s end, to cash alone, by the engine that is left', async () => {
  const other = await seedCustomer(0n, market.startAt);
  await seedVoucher('test-2', 10_000);
  await runTo(market, plusSeconds(DECEMBER_AT, -7_200));
  const [own, vouchered] = [await booked(14), await booked(2, other)];
  await runTo(market, plusSeconds(DECEMBER_AT, -4_800));
  await breakCardOf(own);
  await breakCardOf(vouchered);
  const customer = await customerOf(market.organisationId);
  expect((await detailOf(customer, own)).events.map(({ kind }) => kind)).toContain('cardLost');
  await runTo(market, plusSeconds(DECEMBER_AT, -1_200));
  const [soFar] = await listAvailability(await customerOf(market.organisationId), NOVEMBER, [own]);
  // The hour that is charged so far: one of fourteen cards was missing from its last proof on.
  expect(soFar?.figures.promisedSeconds).toBe(14n * 3_600n);
  expect(soFar).toMatchObject({ credits: [], creditedUnits: 0n });
  await killEngine(market);
  await runTo(market, plusSeconds(DECEMBER_AT, 1_200));

  const credits = await withTx(SYSTEM, (tx) => tx.slaCredit.findMany());
  expect(credits).toHaveLength(1);
  const credit = present(credits[0], 'a credit');
  expect(credit).toMatchObject({ reservationId: own, month: NOVEMBER, revision: 0, promisedSeconds: 14n * 7_200n });
  const unbound = credit.promisedSeconds - credit.usedSeconds - credit.downSeconds;
  expect(unbound).toBeGreaterThan(4_500n);
  expect(unbound + credit.downSeconds).toBeLessThanOrEqual(4_900n);
  expect(credit).toMatchObject({ creditBps: 2_500, amountUnits: credit.chargedUnits / 4n });

  const [notice] = (await listNotices(await customerOf(market.organisationId), { skip: 0, take: 1 })).rows;
  expect(notice).toMatchObject({ kind: 'slaCredited', data: { reservationId: own, month: NOVEMBER } });
  const [lost] = await listAvailability(await customerOf(other), NOVEMBER, [vouchered]);
  expect(lost?.tier?.creditBps).toBe(10_000);
  expect(lost?.creditedUnits).toBe(0n);
  expect(lost?.figures.voucherUnits).toBe(lost?.figures.chargedUnits);
  expect(await broken()).toEqual([]);
});

test('its journal says where the amount comes from, to its customer and to nobody else', async () => {
  const journal = await withTx(SYSTEM, (tx) => tx.journal.findFirst({ where: { kind: 'slaCompensated' } }));
  const id = `${present(journal, 'a journal').id}`;
  const explained = await explainJournal(await customerOf(market.organisationId), id);
  expect(explained?.equations.map(({ rule, holds }) => [rule, holds])).toEqual([
    ['slaLine', true],
    ['slaDue', true],
    ['slaMissing', true],
    ['slaPosted', true],
  ]);
  const stranger = await seedCustomer(0n, DECEMBER_AT);
  expect(await explainJournal(await customerOf(stranger), id)).toBeNull();
  const seen = await listAvailability(await customerOf(stranger), NOVEMBER, [
    present((await withTx(SYSTEM, (tx) => tx.slaCredit.findFirst()))?.reservationId, 'a reservation'),
  ]);
  expect(seen).toEqual([]);
});
