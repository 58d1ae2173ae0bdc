import { expect, test } from 'vitest';
import { PROOFS } from '#lib/engine/verify.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { consultOracle } from './testing-oracle.ts';
import { proveYear } from './testing-year.ts';

const url = await createTestDatabase();

test('days of faults and late evidence are charged to the last unit as an oracle recomputes them from the evidence', async () => {
  const days: number[] = [];
  const plan = { cards: 24, days: 5, seed: 28, onConsulted: (day: number) => days.push(day) };
  // Interrupted after the third day, and gone on with: nothing is charged again.
  const first = await proveYear(url, { ...plan, until: 3 });
  expect(first.differences).toEqual([]);
  expect(await proveYear(url, { ...plan, until: 3 })).toEqual(first);
  const report = await proveYear(url, plan);
  expect(days).toEqual([3, 3, 5]);
  expect(report.charges).toBeGreaterThan(24 * 24 * 4);
  expect(report.corrections).toBeGreaterThan(2);
  expect(report.differences).toEqual([]);
  expect(report.chargedUnits).toBe(report.expectedUnits);
  expect(report.bookedUnits).toBe(report.expectedUnits);
  expect(report.usedSeconds).toBeLessThan(24n * 5n * 86_400n);
  await expect(proveYear(url, { ...plan, seed: 29 })).rejects.toThrow('this year was begun as');
  const broken: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) broken.push(name);
  expect(broken).toEqual([]);

  // The oracle is not blind: one unit in one charge, one second in one row of evidence.
  const found = await withAdmin(url, async (client) => {
    await client.query('ALTER TABLE usage_charge DISABLE TRIGGER USER; ALTER TABLE evidence DISABLE TRIGGER USER');
    await client.query(
      'UPDATE usage_charge SET amount_units = amount_units + 1 WHERE number = (SELECT min(number) FROM usage_charge)',
    );
    await client.query(
      `UPDATE evidence SET start_at = start_at + interval '1 second' WHERE id = (SELECT max(id) FROM evidence WHERE end_at < (SELECT max(hour_at) FROM metered_hour))`,
    );
    return (await consultOracle(client)).differences.length;
  });
  expect(found).toBe(2);
});
