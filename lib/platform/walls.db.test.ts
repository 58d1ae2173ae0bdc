import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { readNow, startDemoClock, startRealClock } from './clock.ts';
import { connectionOptions, withTx } from './db.ts';
import { databaseErrorOf } from './database-errors.ts';
import { moveTestClock, SYSTEM, createTestDatabase } from './testing/database.ts';

const url = await createTestDatabase();
const VISITOR = { ...SYSTEM, scope: { kind: 'public' }, actor: { kind: 'visitor' } } as const;

async function asApplication<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: connectionOptions() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function stateOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => databaseErrorOf(error)?.sqlState,
  );
}

describe('a statement outside of a context', () => {
  test('sees no row', async () => {
    await asApplication(async (client) => {
      expect((await client.query('SELECT * FROM level')).rowCount).toBe(0);
      expect((await client.query('SELECT * FROM clock')).rowCount).toBe(0);
    });
  });

  test('writes no row', async () => {
    await asApplication(async (client) => {
      expect(await stateOf(client.query(`INSERT INTO level (id, rank) VALUES ('x', 1)`))).toBe('42501');
      expect(await stateOf(client.query(`SELECT ledger_close_month('2026-01', now())`))).toBe('42501');
      expect(await stateOf(client.query(`INSERT INTO posting VALUES (1, 1, 1, 'CNY/8', 1, 0)`))).toBe('42501');
    });
  });
});

test('the application role owns no table', async () => {
  await asApplication(async (client) => {
    const { rows } = await client.query(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user`,
    );
    expect(rows).toEqual([]);
  });
});

test('every table has row-level security and a policy', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    AND c.relname <> '_prisma_migrations'
    AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))`);
  await client.end();
  expect(rows).toEqual([]);
});

describe('the clock', () => {
  test('stands in demo mode, steps forward, refuses to go back', async () => {
    const start = instant(Date.UTC(2030, 0, 1));
    await withTx(SYSTEM, (tx) => startDemoClock(tx, start));
    expect(await withTx(VISITOR, readNow)).toBe(start);
    await moveTestClock(instant(start + 60_000));
    expect(await withTx(VISITOR, readNow)).toBe(start + 60_000);
    expect(await stateOf(moveTestClock(start))).toBe('KS002');
    expect(await stateOf(withTx(SYSTEM, (tx) => startDemoClock(tx, start)))).toBe('KS002');
    expect(await stateOf(withTx(SYSTEM, startRealClock))).toBe('KS002');
  });

  test('a visitor does not move it', async () => {
    expect(await stateOf(withTx(VISITOR, (tx) => startDemoClock(tx, null)))).toBe('42501');
  });
});
