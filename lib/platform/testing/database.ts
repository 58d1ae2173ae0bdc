import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import type { Instant } from '#lib/core/instant.ts';
import { startDemoClock, stepClock, demandClock } from '../clock.ts';
import { closeDatabase, openDatabase, withTx, type TxContext } from '../db.ts';
import { dropDatabase, ensureDatabase, withAdmin } from '../embedded-postgres.ts';
import { closeNotifications } from '../notifications.ts';

/** The context of a test's own statements. */
export const SYSTEM: TxContext = {
  scope: { kind: 'system' },
  actor: { kind: 'system', job: 'proving' },
  requestId: 'req_test',
};

/** A fresh database for the calling test file: a copy of the migrated template, dropped after its tests. Returns the owner's URL. */
export async function createTestDatabase(): Promise<string> {
  const adminUrl = inject('adminUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await ensureDatabase(adminUrl, name, 'template_kashi');
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  openDatabase(url.href, 20);
  afterAll(async () => {
    await closeNotifications();
    await closeDatabase();
    await dropDatabase(adminUrl, name);
  });
  return url.href;
}

/** Puts the clock at an instant, standing still. */
export async function setTestClock(at: Instant): Promise<void> {
  await withTx(SYSTEM, (tx) => startDemoClock(tx, at));
}

/** Moves the standing clock forward to an instant. */
export async function moveTestClock(to: Instant): Promise<void> {
  await withTx(SYSTEM, async (tx) => {
    await demandClock(tx, to, 0);
    await stepClock(tx, to);
  });
}

/** Ends every session that listens for announcements in a test's database; answers how many there were. */
export async function cutListeners(url: string): Promise<number> {
  return withAdmin(url, async (client) => {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()`,
    );
    return rowCount ?? 0;
  });
}
