import type { World } from './world.ts';

/** Somebody with the owner's rights tries to change the books by hand; the database must say this SQL state. */
export type Vandal = {
  readonly name: string;
  readonly state: string;
  /** False while there is nothing of the run that it could be done to. */
  readonly isPossible: (world: World) => boolean;
  readonly sql: (world: World) => string;
};

const journals = (world: World) => [...world.books.journals.values()];
const isPosted = (world: World): boolean => world.books.journals.size > 0;
const reversed = (world: World) => journals(world).find(({ reverses }) => reverses !== null)?.reverses ?? null;
const lastKey = (world: World): string => journals(world).at(-1)?.key ?? '';
const OF_LAST = (world: World): string => `journal_id = (SELECT id FROM journal WHERE key = '${lastKey(world)}')`;
const resolved = (world: World) => [...world.books.holds].find(([, hold]) => hold.isResolved)?.[0];

/** A reversal as a hand would write it: of a journal that has one already, or with other legs than its own. */
function forged(original: string, legs: string): string {
  const key = `forged:${original}`;
  return `BEGIN;
    INSERT INTO journal (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash, reverses_key)
      SELECT '${key}', 'reversal', organisation_id, '9000-01-01', posted_at, actor, source, 'x', key FROM journal WHERE key = '${original}';
    INSERT INTO posting SELECT n.id, p.leg, p.account_id, p.asset, ${legs}
      FROM posting p JOIN journal o ON o.id = p.journal_id, journal n WHERE o.key = '${original}' AND n.key = '${key}';
    COMMIT`;
}

const notReversed = (world: World) =>
  journals(world).find(({ kind, key }) => kind === 'topUpSettled' && !world.books.journals.has(`reverse:${key}`))?.key;

export const VANDALS: readonly Vandal[] = [
  {
    name: 'changes a posting',
    state: 'KS001',
    isPossible: isPosted,
    sql: (world) =>
      `UPDATE posting SET debit_units = debit_units * 2, credit_units = credit_units * 2 WHERE ${OF_LAST(world)}`,
  },
  {
    name: 'deletes postings',
    state: 'KS001',
    isPossible: isPosted,
    sql: (world) => `DELETE FROM posting WHERE ${OF_LAST(world)}`,
  },
  {
    name: 'changes a journal',
    state: 'KS001',
    isPossible: isPosted,
    sql: (world) => `UPDATE journal SET actor = 'user:usr_nobody' WHERE key = '${lastKey(world)}'`,
  },
  {
    name: 'deletes a journal with its postings',
    state: 'KS001',
    isPossible: isPosted,
    sql: (world) =>
      `WITH gone AS (DELETE FROM journal WHERE key = '${lastKey(world)}' RETURNING id) SELECT * FROM gone`,
  },
  {
    name: 'adds a balanced pair to an old journal',
    state: 'KL422',
    isPossible: isPosted,
    sql: (world) =>
      `INSERT INTO posting SELECT journal_id, 50 + leg, account_id, asset, debit_units, credit_units FROM posting WHERE ${OF_LAST(world)}`,
  },
  {
    name: 'leaves a journal without postings',
    state: 'KL422',
    isPossible: () => true,
    sql: (world) =>
      `INSERT INTO journal (key, kind, effective_at, posted_at, actor, source, content_hash)
       VALUES ('empty:${world.sku}', 'bankReceived', '9000-01-01', now(), 'x', '{}', 'x')`,
  },
  {
    name: 'gives a wallet money',
    state: 'KS001',
    isPossible: () => true,
    sql: (world) =>
      `UPDATE account SET balance_units = balance_units + 1 WHERE path = 'wallet:${world.organisations[0]}:cash'`,
  },
  {
    name: 'takes a wallet below its minimum',
    state: '23514',
    isPossible: () => true,
    sql: (world) => `BEGIN; SELECT set_config('kashi.posting', 'yes', true);
      UPDATE account SET balance_units = minimum_units - 1 WHERE path = 'wallet:${world.organisations[0]}:cash'; COMMIT`,
  },
  {
    name: 'lowers a minimum that no line lowers',
    state: 'KS001',
    isPossible: () => true,
    sql: (world) =>
      `UPDATE account SET minimum_units = minimum_units - 1 WHERE path = 'wallet:${world.organisations[1]}:cash'`,
  },
  {
    name: 'opens a resolved hold again',
    state: 'KL423',
    isPossible: (world) => resolved(world) !== undefined,
    sql: (world) =>
      `UPDATE hold SET resolved_at = NULL FROM account a WHERE a.id = hold.account_id AND a.path = '${resolved(world)}'`,
  },
  {
    name: 'opens a closed month again',
    state: 'KS001',
    isPossible: (world) => world.books.closed.size > 0,
    sql: (world) => `DELETE FROM closed_month WHERE month = '${world.months[0]}'`,
  },
  {
    name: 'reverses a journal a second time under another key',
    state: '23505',
    isPossible: (world) => reversed(world) !== null,
    sql: (world) => forged(reversed(world) ?? '', 'p.credit_units, p.debit_units'),
  },
  {
    name: 'reverses more than there was',
    state: 'KL427',
    isPossible: (world) => notReversed(world) !== undefined,
    sql: (world) => forged(notReversed(world) ?? '', 'p.credit_units * 2, p.debit_units * 2'),
  },
  {
    name: 'approves a line alone',
    state: '23514',
    isPossible: () => true,
    sql: (world) =>
      `INSERT INTO credit_line_change VALUES ('crl_${world.sku}', '${world.organisations[0]}', 'receivable', 1, 'x', 'approved', 'user:a', now(), 'user:a', now())`,
  },
];
