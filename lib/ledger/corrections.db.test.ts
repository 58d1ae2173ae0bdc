import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { readOpenInstant, reverse } from './corrections.ts';
import { readJournals } from './journals-by-key.ts';
import { closeMonth } from './posting.ts';
import { LEDGER_PROOFS } from './proofs.ts';
import { bankReceived, placed, topUpSettled, transferMatched } from './templates.ts';
import { freshId, postAll, refusalOf, reservationOf, seedWallet, walletOf } from './testing.ts';

const ownerUrl = await createTestDatabase();
const T0 = instant(Date.UTC(2026, 10, 1));
const ctx: Ctx = { ...SYSTEM, now: T0 };
const YUAN = 100_000_000n;

const undo = (key: string, reason = 'matched wrongly') => withTx(ctx, (tx) => reverse(ctx, tx, key, reason));

const asOwner = (...statements: string[]) =>
  withAdmin(ownerUrl, (client) => refusalOf(client.query(statements.join(';'))));

/** A transfer of 5 yuan that was matched with a customer who has 2 yuan besides. */
async function setup(at = T0) {
  const org = await seedWallet(ctx, 2n);
  const line = freshId('bankLine', T0);
  const matched = transferMatched(line, freshId('payment', T0), org, fen(500n), at);
  await postAll(ctx, bankReceived(line, fen(500n), at), matched);
  return { org, key: matched.key };
}

describe('a reversal', () => {
  test('takes a journal back leg by leg, names it, and is one however often it is asked for', async () => {
    const { org, key } = await setup();
    expect(await walletOf(ctx, org)).toBe(7n * YUAN);
    expect(await undo(key)).toEqual({ key: `reverse:${key}`, outcome: 'created', effectiveAt: T0 });
    expect(await undo(key)).toEqual({ key: `reverse:${key}`, outcome: 'exists', effectiveAt: T0 });
    expect(await walletOf(ctx, org)).toBe(2n * YUAN);
    const journals = await withTx(ctx, (tx) => readJournals(tx, [key, `reverse:${key}`]));
    const [original, reversal] = journals.map(({ legs }) =>
      legs.map((leg) => [leg.path, leg.debitUnits, leg.creditUnits]),
    );
    expect(reversal).toEqual(original?.map(([path, debit, credit]) => [path, credit, debit]));
    const row = await withTx(ctx, (tx) =>
      tx.journal.findUnique({ where: { key: `reverse:${key}` }, select: { reversesKey: true, source: true } }),
    );
    expect(row).toEqual({ reversesKey: key, source: { reverses: key, reason: 'matched wrongly' } });
  });

  test('for another reason is refused, and so is one of nothing, of a reversal or of what has corrections of its own', async () => {
    const { org, key } = await setup();
    await undo(key);
    expect(await refusalOf(undo(key, 'another reason'))).toBe('journalKeyReused');
    expect(await refusalOf(undo('match:bnk_none'))).toBe('journalUnknown');
    expect(await refusalOf(undo(`reverse:${key}`))).toBe('journalNotReversible');
    const hold = placed(reservationOf(org, T0), T0, 0, units(YUAN), 60n);
    await postAll(ctx, hold);
    expect(await refusalOf(undo(hold.key))).toBe('journalNotReversible');
  });

  test('of money that is spent is refused and leaves no trace', async () => {
    const { org, key } = await setup();
    await postAll(ctx, placed(reservationOf(org, T0), T0, 0, units(3n * YUAN), 60n));
    expect(await refusalOf(undo(key))).toBe('insufficientFunds');
    expect(await withTx(ctx, (tx) => readJournals(tx, [`reverse:${key}`]))).toEqual([]);
    expect(await walletOf(ctx, org)).toBe(4n * YUAN);
  });

  test('is made once by twenty clients at the same time', async () => {
    // How far one is when another comes is chance: often enough it is half way into the indexes.
    for (let times = 0; times < 100; times += 1) {
      const { org, key } = await setup();
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => undo(key)));
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      expect(await walletOf(ctx, org)).toBe(2n * YUAN);
    }
  });

  test('of a closed month counts in the next open one', async () => {
    const march = instant(Date.UTC(2021, 2, 31, 15, 59));
    const { key } = await setup(march);
    await withTx(ctx, (tx) => closeMonth(tx, '2021-03', T0));
    await withTx(ctx, (tx) => closeMonth(tx, '2021-04', T0));
    const may = instant(Date.UTC(2021, 3, 30, 16));
    expect(await undo(key)).toMatchObject({ effectiveAt: may });
    expect(await withTx(ctx, (tx) => readOpenInstant(tx, march))).toBe(may);
    expect(await withTx(ctx, (tx) => readOpenInstant(tx, may))).toBe(may);
  });
});

describe('the database by itself', () => {
  /** A journal as the owner of the tables would write it, with legs taken from another. */
  const written = (key: string, reverses: string, legs: string): string[] => [
    'BEGIN',
    `INSERT INTO journal (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash, reverses_key)
     SELECT '${key}', 'reversal', organisation_id, effective_at, posted_at, actor, source, 'x', key FROM journal WHERE key = '${reverses}'`,
    `INSERT INTO posting SELECT n.id, p.leg, p.account_id, p.asset, ${legs}
     FROM posting p JOIN journal o ON o.id = p.journal_id, journal n WHERE o.key = '${reverses}' AND n.key = '${key}'`,
    'SET CONSTRAINTS ALL IMMEDIATE',
    'ROLLBACK',
  ];

  test('refuses a second reversal, even under another key', async () => {
    const { key } = await setup();
    await undo(key);
    expect(await asOwner(...written('again', key, 'p.credit_units, p.debit_units'))).toBe('23505');
  });

  test('refuses a reversal of another shape', async () => {
    const { key } = await setup();
    expect(await asOwner(...written('half', key, 'p.credit_units / 2, p.debit_units / 2'))).toBe('reversalNotExact');
    expect(await asOwner(...written('same', key, 'p.debit_units, p.credit_units'))).toBe('pairNotPermitted');
    expect(await asOwner(...written('exact', key, 'p.credit_units, p.debit_units'))).toBeUndefined();
  });

  test('refuses a reversal of a kind that is not reversed, and a name in a journal that reverses nothing', async () => {
    const org = await seedWallet(ctx, 1n);
    const hold = placed(reservationOf(org, T0), T0, 0, units(YUAN), 0n);
    await postAll(ctx, hold);
    expect(await asOwner(...written('unplaced', hold.key, 'p.credit_units, p.debit_units'))).toBe('pairNotPermitted');
    const { key } = await setup();
    expect(
      await asOwner(
        `INSERT INTO journal (key, kind, effective_at, posted_at, actor, source, content_hash, reverses_key)
         VALUES ('named', 'bankReceived', now(), now(), 'x', '{}', 'x', '${key}')`,
      ),
    ).toBe('23514');
  });
});

test('a reversal is sealed with what it takes back, and all proofs hold', async () => {
  const topUp = topUpSettled(freshId('payment', T0), await seedWallet(ctx, 0n), 'sandbox', fen(100n), T0);
  await postAll(ctx, topUp);
  await undo(topUp.key);
  for (const { name, run } of LEDGER_PROOFS)
    expect([name, await withTx(ctx, run)]).toEqual([name, { violations: 0, example: null }]);
});
