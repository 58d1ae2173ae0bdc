import { expect, inject, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { closeDatabase, openDatabase, withTx } from '#lib/platform/db.ts';
import { dropDatabase, ensureDatabase } from '#lib/platform/embedded-postgres.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { LEDGER_PROOFS } from '#lib/ledger/proofs.ts';
import { giveCredits } from '#lib/sla/giving.ts';
import { closePeriod } from './close.ts';
import { beginClose, lockCharges } from './close-store.ts';
import { EXPORT_KINDS, EXPORTS } from './export-kinds.ts';
import { BILLING_PROOFS } from './proofs.ts';
import { readFile } from './testing-exports.ts';
import { type ChargedMonth, organisationsOf, seedChargedMonth } from './testing-month.ts';

const firstUrl = await createTestDatabase();
const MONTH = present(parseMonth('2026-11'), 'month');
const WISH: ChargedMonth = { month: MONTH, cards: [3, 1, 2, 1, 1], hours: 31 };

function financeAt(now: Instant, userId: string): Ctx {
  const actor = { kind: 'staff', userId: userId as Id<'user'>, roles: ['finance'] } as const;
  return { actor, scope: { kind: 'staff' }, requestId: `req_${userId}`, now };
}

/** Everything that a closed month says: documents with their numbers and hashes, journals, sums, and every file. */
async function saidBy(now: Instant) {
  const finance = financeAt(now, 'usr_reader');
  const invoices = await withTx(SYSTEM, (tx) => tx.invoice.findMany({ orderBy: { number: 'asc' } }));
  const lines = await withTx(SYSTEM, (tx) =>
    tx.invoiceLine.findMany({ orderBy: [{ invoiceId: 'asc' }, { line: 'asc' }] }),
  );
  const sums = await withTx(SYSTEM, (tx) =>
    tx.periodSum.findMany({ orderBy: [{ organisationId: 'asc' }, { line: 'asc' }] }),
  );
  const journals = await withTx(SYSTEM, (tx) =>
    tx.journal.findMany({
      select: { key: true, kind: true, effectiveAt: true, contentHash: true },
      orderBy: { key: 'asc' },
    }),
  );
  const files: [string, string][] = [];
  for (const organisationId of [null, ...organisationsOf(WISH)])
    for (const kind of EXPORT_KINDS) {
      if (organisationId === null && EXPORTS[kind].isOfOne) continue;
      const { fileName, sha256 } = await readFile(finance, { kind, month: MONTH, organisationId });
      files.push([`${organisationId} ${fileName}`, sha256]);
    }
  return { invoices, lines, sums, journals, files };
}

const CUTOFF = monthCutoffAt(MONTH);

test('a month closed twice from the same data, written in another order and interrupted, gives the same bytes', async () => {
  await seedChargedMonth(firstUrl, WISH);
  expect(await closePeriod(financeAt(CUTOFF, 'usr_one'), MONTH)).toEqual({ ok: true, value: { invoices: 5 } });
  const first = await saidBy(instant(CUTOFF + DAY_MS));
  for (const { name, run } of [...LEDGER_PROOFS, ...BILLING_PROOFS])
    expect([name, await withTx(SYSTEM, run)]).toEqual([name, { violations: 0, example: null }]);
  await closeNotifications();
  await closeDatabase();

  const adminUrl = inject('adminUrl');
  await ensureDatabase(adminUrl, 'test_close_again', 'template_kashi');
  const secondUrl = new URL(adminUrl);
  secondUrl.pathname = '/test_close_again';
  openDatabase(secondUrl.href, 5);
  try {
    await seedChargedMonth(secondUrl.href, { ...WISH, isBackwards: true });
    await giveCredits(financeAt(CUTOFF, 'usr_two'));
    // Its close begins at the same moment, breaks off, and somebody else finishes it eleven days later.
    await withTx(financeAt(CUTOFF, 'usr_two'), async (tx) => {
      await lockCharges(tx, MONTH);
      await beginClose(tx, MONTH, CUTOFF);
    });
    await withTx(SYSTEM, (tx) => tx.organisation.updateMany({ data: { name: 'Renamed since' } }));
    const later = financeAt(instant(CUTOFF + 11 * DAY_MS), 'usr_three');
    expect(await closePeriod(later, MONTH)).toEqual({ ok: true, value: { invoices: 5 } });
    const second = await saidBy(instant(CUTOFF + 40 * DAY_MS));
    expect(second.invoices.map(({ number, snapshotHash }) => [number, snapshotHash])).toEqual(
      first.invoices.map(({ number, snapshotHash }) => [number, snapshotHash]),
    );
    expect(second.files).toEqual(first.files);
    expect(second).toEqual(first);
  } finally {
    await closeNotifications();
    await closeDatabase();
    await dropDatabase(adminUrl, 'test_close_again');
    openDatabase(firstUrl, 5);
  }
});
