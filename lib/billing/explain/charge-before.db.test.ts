import { expect, test } from 'vitest';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { proveYear } from '../testing-year.ts';
import { CHARGE_BEFORE } from './charge-before.ts';

const url = await createTestDatabase();

test('the charge before is the last that was booked, in its turn or out of it, on days of late evidence', async () => {
  const { corrections } = await proveYear(url, { cards: 24, days: 10, seed: 3 });
  expect(corrections).toBeGreaterThan(5);
  const { rows } = await withAdmin(url, (client) =>
    client.query(`
      SELECT count(*)::int AS charges, count(*) FILTER (WHERE u.revision > 0)::int AS revised, count(b.weighted_seconds_to_date)::int AS preceded,
        count(*) FILTER (WHERE (b.weighted_seconds_to_date, b.charged_to_date_units) IS DISTINCT FROM (n.weighted_seconds_to_date, n.charged_to_date_units))::int AS wrong
      FROM usage_charge u LEFT JOIN LATERAL (${CHARGE_BEFORE.text}) b ON true
      LEFT JOIN LATERAL (SELECT * FROM usage_charge x WHERE x.allocation_id = u.allocation_id AND x.number < u.number
        ORDER BY x.number DESC LIMIT 1) n ON true`),
  );
  expect(rows[0]?.revised).toBeGreaterThan(5);
  expect(rows[0]?.preceded).toBeGreaterThan(1_000);
  expect(rows[0]?.wrong).toBe(0);
});
