import 'server-only';
import { InfrastructureError } from '#lib/core/assert.ts';
import type { CommandServer } from './command-database.ts';
import { databaseErrorOf } from './database-errors.ts';
import { type TxContext, withTx } from './db.ts';
import { withAdmin } from './embedded-postgres.ts';
import { readClock, startDemoClock, startRealClock } from './clock.ts';

const STARTUP: TxContext = {
  scope: { kind: 'system' },
  actor: { kind: 'system', job: 'seeding' },
  requestId: 'req_start',
};

/** True when a database exists on the server. */
export async function hasDatabase(server: CommandServer, name: string): Promise<boolean> {
  const url = server.urlOf(name);
  return withAdmin(url, async () => true).catch((error: unknown) => {
    if (databaseErrorOf(error)?.sqlState === '3D000') return false;
    throw error;
  });
}

/** Gives a database another name; nobody may be connected to it. */
export async function renameDatabase(server: CommandServer, from: string, to: string): Promise<void> {
  await withAdmin(server.urlOf('postgres'), (client) => client.query(`ALTER DATABASE "${from}" RENAME TO "${to}"`));
}

/** True when the market in the database in use was seeded to its end; null when it is empty. */
export async function isSeeded(): Promise<boolean | null> {
  return withTx(STARTUP, async (tx) => {
    if ((await tx.auditEvent.count({ where: { action: 'market.seeded' } })) > 0) return true;
    return (await tx.pool.count()) > 0 || (await tx.organisation.count()) > 0 ? false : null;
  });
}

/** Puts the clock as the environment asks. Throws one sentence when time would go back. */
export async function settleClock(isDemo: boolean): Promise<void> {
  const clock = await withTx(STARTUP, readClock);
  if (isDemo === (clock.mode === 'demo')) return;
  try {
    await withTx(STARTUP, (tx) => (isDemo ? startDemoClock(tx, null) : startRealClock(tx)));
  } catch (error) {
    if (databaseErrorOf(error)?.sqlState !== 'KS002') throw error;
    throw new InfrastructureError(
      `The demo clock of this market is at ${new Date(clock.now).toISOString()}, ahead of real time, and time does not go back: start with KASHI_DEMO_CLOCK=1, or with another KASHI_DATA_DIR.`,
    );
  }
}
