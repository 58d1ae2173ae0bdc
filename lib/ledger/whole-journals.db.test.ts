import { describe, expect, test } from 'vitest';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';

const url = await createTestDatabase();

/** Journal, leg, account, asset, debit and credit of each posting, of what the two proofs must judge alike. */
const CASES = {
  'whole journals': {
    code: null,
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CNY/8', 7, 0), (2, 2, 2, 'CNY/8', 0, 7)`,
  },
  'a journal without postings': { code: 'KL422', legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5)` },
  'one that does not balance': {
    code: 'KL422',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CNY/8', 7, 0), (2, 2, 2, 'CNY/8', 0, 6)`,
  },
  'two that balance only together': {
    code: 'KL422',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 6), (2, 1, 1, 'CNY/8', 6, 0), (2, 2, 2, 'CNY/8', 0, 5)`,
  },
  'legs that do not begin with the first': {
    code: 'KL422',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 3, 1, 'CNY/8', 7, 0), (2, 4, 2, 'CNY/8', 0, 7)`,
  },
  'an account of another asset': {
    code: 'KL422',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CARDSEC:x', 7, 0), (2, 2, 2, 'CARDSEC:x', 0, 7)`,
  },
  'a pair the other way round': {
    code: 'KL424',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 2, 'CNY/8', 7, 0), (2, 2, 1, 'CNY/8', 0, 7)`,
  },
  'a third leg that its kind does not permit': {
    code: 'KL424',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CNY/8', 7, 0), (2, 2, 2, 'CNY/8', 0, 4), (2, 3, 3, 'CNY/8', 0, 3)`,
  },
  'an account that is not there': {
    code: '23503',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CNY/8', 7, 0), (2, 2, 9, 'CNY/8', 0, 7)`,
  },
  'postings of a journal that is not there': {
    code: '23503',
    legs: `(1, 1, 1, 'CNY/8', 5, 0), (1, 2, 2, 'CNY/8', 0, 5), (2, 1, 1, 'CNY/8', 7, 0), (2, 2, 2, 'CNY/8', 0, 7), (3, 1, 1, 'CNY/8', 7, 0), (3, 2, 2, 'CNY/8', 0, 7)`,
  },
} as const;

const ACCOUNTS = `INSERT INTO account (id, path, kind, asset) VALUES
  (9000001, 'provider:test', 'pspClearing', 'CNY/8'), (9000002, 'suspense:test', 'suspense', 'CNY/8'), (9000003, 'rounding:test', 'rounding', 'CNY/8')`;

/** Adds two journals and postings in one statement under one of the proofs, to the last of what is put off; the code of a refusal. */
async function judge(
  legs: string,
  isWhole: boolean,
  [from, to]: readonly [string, string] = ['', ''],
): Promise<string | null> {
  return withAdmin(url, async (client) => {
    try {
      await client.query('BEGIN');
      if (from !== '') {
        const { rows } = await client.query<{ text: string }>(
          `SELECT pg_get_functiondef('posting_check_many'::regproc) AS text`,
        );
        expect(rows[0]?.text).toContain(from);
        await client.query((rows[0]?.text ?? '').replaceAll(from, to));
      }
      await client.query(ACCOUNTS);
      await client.query(
        `INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES ('topUpSettled', 'pspClearing', 'suspense')`,
      );
      await client.query(`SELECT set_config('kashi.whole', $1, true)`, [isWhole ? 'yes' : '']);
      await client.query(`WITH made AS (
          INSERT INTO journal (id, key, kind, effective_at, posted_at, actor, source, content_hash)
          SELECT 9000000 + n, 'whole:' || n, 'topUpSettled', '2026-11-01Z', '2026-11-01Z', 'test', '{}', '' FROM generate_series(1, 2) n RETURNING 1)
        INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
        SELECT 9000000 + journal, leg, 9000000 + account, asset, debit, credit
        FROM (VALUES ${legs}) AS l (journal, leg, account, asset, debit, credit) WHERE (SELECT count(*) FROM made) > 0`);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      return null;
    } catch (error) {
      return databaseErrorOf(error)?.sqlState ?? (error as { code?: string }).code ?? 'unknown';
    } finally {
      await client.query('ROLLBACK');
    }
  });
}

describe.each([
  ['journal by journal', false],
  ['for a whole statement', true],
])('proven %s', (_, isWhole) => {
  for (const [name, { code, legs }] of Object.entries(CASES))
    test(`${name}: ${code ?? 'kept'}`, async () => expect(await judge(legs, isWhole)).toBe(code));
});

test('what comes without its postings is refused under any setting, at the latest by the commit', async () => {
  await withAdmin(url, async (client) => {
    for (const setting of ['', 'no', 'yes']) {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('kashi.whole', $1, true)`, [setting]);
      const added = client.query(
        `INSERT INTO journal (id, key, kind, effective_at, posted_at, actor, source, content_hash)
          VALUES (9000001, 'whole:empty', 'topUpSettled', '2026-11-01Z', '2026-11-01Z', 'test', '{}', '')`,
      );
      await expect(added.then(() => client.query('COMMIT'))).rejects.toMatchObject({ code: 'KL422' });
      await client.query('ROLLBACK');
    }
  });
});

/** The rules of the proof of a whole statement, each taken away once: its case is no longer refused for it. */
const RULES = [
  ['one that does not balance', 'is_uneven OR', ''],
  ['legs that do not begin with the first', 'HAVING min(leg) <> 1', 'HAVING false'],
  ['an account of another asset', 'NOT is_one_asset', 'false'],
  ['an account that is not there', 'NOT is_there OR', ''],
  ['postings of a journal that is not there', 'OR journal_kind IS NULL', ''],
  [
    'a pair the other way round',
    'AND r.debit_kind = pair.debit COLLATE "C" AND r.credit_kind = pair.credit COLLATE "C"',
    '',
  ],
  ['a third leg that its kind does not permit', 'n.legs > 2', 'false'],
] as const;

test.each(RULES)('%s is found by a rule of its own', async (name, from, to) => {
  const { code, legs } = CASES[name];
  expect(await judge(legs, true)).toBe(code);
  expect(await judge(legs, true, [from, to])).not.toBe(code);
});
