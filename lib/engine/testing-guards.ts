import type pg from 'pg';
import { present } from '#lib/core/assert.ts';

/** What stands between a wrong row and a table: taken away, the wrong gets in; with it, the database says `state`. */
export type Guard = {
  readonly table: string;
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'trigger';
  /** A statement by the owner of the tables. */
  readonly wrong: string;
  readonly state: string;
};

const CHECK = '23514';
const UNIQUE = '23505';

/** A row like the one with an id, changed in some columns. */
export function like(table: string, where: string, change: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(change).replaceAll("'", "''");
  return `INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, to_jsonb(x) || '${json}')).* FROM ${table} x WHERE ${where}`;
}

export const check = (table: string, name: string, wrong: string): Guard => ({
  table,
  name,
  kind: 'check',
  wrong,
  state: CHECK,
});
export const unique = (table: string, name: string, wrong: string): Guard => ({
  table,
  name,
  kind: 'unique',
  wrong,
  state: UNIQUE,
});
export const trigger = (table: string, name: string, wrong: string, state = 'KS001'): Guard => ({
  table,
  name,
  kind: 'trigger',
  wrong,
  state,
});

/** Takes a guard out of the way, for the rest of the transaction. */
function takenAway({ table, name, kind }: Guard): string {
  if (kind === 'trigger') return `ALTER TABLE ${table} DISABLE TRIGGER ${name}`;
  return kind === 'check' ? `ALTER TABLE ${table} DROP CONSTRAINT ${name}` : `DROP INDEX "${name}"`;
}

/** What a statement does: how many rows it wrote or read, or the SQL state with which it is refused. */
async function outcomeOf(client: pg.Client, sql: string): Promise<number | string> {
  await client.query('SAVEPOINT attempt');
  try {
    const { rowCount } = await client.query(sql);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return rowCount ?? 0;
  } catch (error) {
    await client.query('ROLLBACK TO attempt');
    return `${present(error && typeof error === 'object' && 'code' in error ? error.code : null, `a state of ${error}`)}`;
  }
}

async function undone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
}

/** What becomes of the wrong with a guard and without it. For a check or an index the triggers, which stand before it, are aside. */
export async function tryGuard(
  client: pg.Client,
  guard: Guard,
): Promise<{ held: number | string; without: number | string }> {
  const aside = guard.kind === 'trigger' ? 'SELECT 1' : `ALTER TABLE ${guard.table} DISABLE TRIGGER USER`;
  const attempt = (before: string) =>
    undone(client, async () => {
      await client.query(aside);
      await client.query(before);
      return outcomeOf(client, guard.wrong);
    });
  return { held: await attempt('SELECT 1'), without: await attempt(takenAway(guard)) };
}

/** A policy, who should see nothing by it, and of what. */
export type Wall = {
  readonly table: string;
  readonly policy: string;
  /** The organisation of a customer; null: no context at all. */
  readonly organisationId: string | null;
  readonly hidden: string;
};

/** How many hidden rows somebody sees with a policy and with one that lets everybody through; and whether they may write one. */
export async function tryWall(client: pg.Client, wall: Wall) {
  const { table, policy, organisationId, hidden } = wall;
  const attempt = (isOpen: boolean, sql: string) =>
    undone(client, async () => {
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      if (isOpen) {
        const { rows } = await client.query(
          `SELECT polcmd FROM pg_policy WHERE polrelid = $1::regclass AND polname = $2`,
          [table, policy],
        );
        const written = rows[0]?.polcmd === 'r' ? '' : 'WITH CHECK (true)';
        await client.query(`ALTER POLICY ${policy} ON ${table} USING (true) ${written}`);
      }
      const scope = organisationId === null ? '' : 'organisation';
      await client.query(`SELECT set_config('kashi.scope', $1, true), set_config('kashi.organisation', $2, true)`, [
        scope,
        organisationId ?? '',
      ]);
      await client.query('SET LOCAL ROLE kashi_app');
      return outcomeOf(client, sql);
    });
  const { rows } = await client.query(`SELECT to_jsonb(x) AS row FROM ${table} x WHERE ${hidden} LIMIT 1`);
  const row = JSON.stringify(present(rows[0], `a row of ${table}`).row).replaceAll("'", "''");
  const reading = `SELECT FROM ${table} WHERE ${hidden}`;
  const writing = `INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, '${row}')).*`;
  return {
    seen: await attempt(false, reading),
    seenWithout: await attempt(true, reading),
    written: await attempt(false, writing),
    writtenWithout: await attempt(true, writing),
  };
}
