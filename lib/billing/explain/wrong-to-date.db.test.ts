import { expect, test } from 'vitest';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { priceE10 } from '#lib/core/money.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { wrongToDate } from './wrong-to-date.ts';

await createTestDatabase();

const INT8_MAX = 9_223_372_036_854_775_807n;
const chargeOf = (price: bigint, weighted: bigint): bigint => (price * weighted) / 3_600_000_000n;

/** What is said of charges of one price, each with the seconds that were weighed and the charge to date. */
async function said(price: bigint, charges: readonly (readonly [weighted: bigint, charged: bigint])[]) {
  const rows = await withTx(
    SYSTEM,
    (tx) =>
      tx.$queryRaw<{ wrong: boolean }[]>`
      SELECT ${wrongToDate('by-hour', priceE10(price))} AS wrong
      FROM unnest(${charges.map(([weighted]) => weighted)}::bigint[], ${charges.map(([, charged]) => charged)}::bigint[])
        WITH ORDINALITY AS u (weighted_seconds_to_date, charged_to_date_units, n) ORDER BY n`,
  );
  return rows.map(({ wrong }) => wrong);
}

test('a charge to date is right at its rounded product alone, whatever the price and the seconds', async () => {
  const next = mulberry32(40);
  const drawn = (most: bigint): bigint => BigInt(Math.floor(next() * Number.MAX_SAFE_INTEGER)) % most;
  const prices = [1n, 7n, 97_654_321_000n, 120_000_000_000n, INT8_MAX / 360_000n, INT8_MAX / 360_000n + 1n, 10n ** 16n];
  for (const price of [...prices, ...Array.from({ length: 20 }, () => 1n + drawn(10n ** 13n))]) {
    const most = [chargeOf(price, INT8_MAX), INT8_MAX].toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
    const weighted = [
      0n,
      1n,
      359_999n,
      360_000n,
      36_000_000n,
      4n * 10n ** 10n,
      ...Array.from({ length: 30 }, () => drawn(10n ** 12n)),
    ];
    const fitting = weighted.filter((each) => chargeOf(price, each) < most);
    expect(
      await said(
        price,
        fitting.map((each) => [each, chargeOf(price, each)]),
      ),
    ).toEqual(fitting.map(() => false));
    expect(
      await said(
        price,
        fitting.map((each) => [each, chargeOf(price, each) + 1n]),
      ),
    ).toEqual(fitting.map(() => true));
    expect(
      await said(
        price,
        fitting.map((each) => [each, chargeOf(price, each) - 1n]),
      ),
    ).toEqual(fitting.map(() => true));
  }
});

test('altered seconds that no product holds are wrong, and no fault', async () => {
  const charges = [
    [INT8_MAX, 1n],
    [-INT8_MAX, 1n],
    [-1n, 0n],
  ] as const;
  expect(await said(120_000_000_000n, charges)).toEqual([true, true, true]);
  expect(await said(1n, [[INT8_MAX, chargeOf(1n, INT8_MAX)]])).toEqual([false]);
});
