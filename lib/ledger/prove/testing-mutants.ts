import type pg from 'pg';
import { invariant } from '#lib/core/assert.ts';
import type { OperationName } from './operation.ts';

/** A rule of the books taken away. A proof that still holds without it proves nothing about it. */
export type Mutant = {
  readonly name: string;
  readonly apply: (owner: pg.Client) => Promise<unknown>;
  /** What the draw is full of, so that the hole is found soon; vandals when it is only they who would. */
  readonly focus: OperationName | 'vandals';
};

/** Takes a piece of a function's text out for another; fails when the text is not there any more. */
async function rewrite(owner: pg.Client, name: string, from: string, to: string): Promise<void> {
  const { rows } = await owner.query<{ text: string }>('SELECT pg_get_functiondef($1::regproc) AS text', [name]);
  const text = rows[0]?.text ?? '';
  invariant(text.includes(from), `${name}() does not say "${from}" any more: say how the mutant breaks it now`);
  await owner.query(text.replaceAll(from, to));
}

const changed =
  (name: string, from: string, to: string): Mutant['apply'] =>
  (owner) =>
    rewrite(owner, name, from, to);

const done =
  (sql: string): Mutant['apply'] =>
  (owner) =>
    owner.query(sql);

/** Drops the check constraint of a table that says something. */
const unchecked =
  (table: string, text: string): Mutant['apply'] =>
  async (owner) => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c' AND strpos(pg_get_constraintdef(oid), $2) > 0`,
      [table, text],
    );
    invariant(rows.length === 1, `${rows.length} checks of ${table} say "${text}"`);
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${rows[0]?.name}`);
  };

const EVERY_PAIR = `INSERT INTO journal_rule SELECT k.kind, d.kind, c.kind FROM journal_kind k, account_kind d, account_kind c ON CONFLICT DO NOTHING`;

/** The rules of the books, each taken away once. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'journals need not balance',
    apply: changed('posting_check', 'sum(p.debit_units) <> sum(p.credit_units) OR', ''),
    focus: 'malformed',
  },
  {
    name: 'legs may be added later',
    apply: changed('posting_check', 'min(min(p.leg)) OVER (PARTITION BY p.journal_id) <> 1', 'false'),
    focus: 'vandals',
  },
  {
    name: 'an account may hold two assets',
    apply: changed('posting_check', 'NOT bool_and(a.asset = p.asset)', 'false'),
    focus: 'malformed',
  },
  { name: 'every pair is permitted', apply: done(EVERY_PAIR), focus: 'malformed' },
  { name: 'journals may be empty', apply: done('DROP TRIGGER journal_legs ON journal'), focus: 'vandals' },
  { name: 'closed months take journals', apply: done('DROP TRIGGER journal_month ON journal'), focus: 'closeMonth' },
  {
    name: 'closed months can be opened',
    apply: done('DROP TRIGGER closed_month_fixed ON closed_month'),
    focus: 'vandals',
  },
  {
    name: 'posting asks for no minimum',
    apply: changed('ledger_post_each', '>= a.minimum_units', '>= -9000000000000000000'),
    focus: 'place',
  },
  {
    name: 'balances have no floor',
    apply: done('ALTER TABLE account DROP CONSTRAINT account_balance_floor'),
    focus: 'vandals',
  },
  {
    name: 'balances do not move',
    apply: changed(
      'ledger_post_each',
      'SET balance_units = a.balance_units + v_moved_units[n]',
      'SET balance_units = a.balance_units',
    ),
    focus: 'topUp',
  },
  { name: 'balances move alone', apply: done('DROP TRIGGER account_change ON account'), focus: 'vandals' },
  {
    name: 'postings are not counted',
    apply: changed('ledger_post_each', 'a.posting_count + v_moved_postings[n]', 'a.posting_count'),
    focus: 'topUp',
  },
  {
    name: 'a key may come with other content',
    apply: changed('ledger_post_each', '<> p_hashes[n]', 'IS NULL'),
    focus: 'tamper',
  },
  { name: 'resolved holds move', apply: done('DROP TRIGGER hold_change ON hold'), focus: 'finish' },
  { name: 'holds resolve with money in them', apply: unchecked('hold', 'resolved_at IS NULL'), focus: 'resolveEarly' },
  {
    name: 'a term’s usage is not captured',
    apply: changed('ledger_post_each', "'usageAccrued', 'commitmentEarned'", "'usageAccrued'"),
    focus: 'charge',
  },
  { name: 'postings can be changed', apply: done('DROP TRIGGER posting_fixed ON posting'), focus: 'vandals' },
  { name: 'journals can be changed', apply: done('DROP TRIGGER journal_fixed ON journal'), focus: 'vandals' },
  { name: 'a journal is reversed twice', apply: done('DROP INDEX journal_reverses_key_key'), focus: 'vandals' },
  { name: 'a reversal has any shape', apply: done('DROP TRIGGER journal_reversal ON journal'), focus: 'vandals' },
  { name: 'everything is reversible', apply: done('UPDATE journal_kind SET is_reversible = true'), focus: 'reverse' },
  {
    name: 'a reversal is repeated for another reason',
    apply: changed('ledger_reverse', 'v_reversal.content_hash IS DISTINCT FROM v_hash', 'false'),
    focus: 'reverse',
  },
  {
    name: 'a reversal takes what is spent',
    apply: changed('ledger_reverse', 'c.units < a.minimum_units', 'c.units < a.minimum_units AND false'),
    focus: 'reverse',
  },
  {
    name: 'a reversal does not move balances',
    apply: changed('ledger_reverse', 'a.balance_units + c.units, posting_count', 'a.balance_units, posting_count'),
    focus: 'reverse',
  },
  {
    name: 'a reversal counts in a closed month',
    apply: changed('ledger_open_at', 'AND NOT (v_corrects', 'AND false AND NOT (v_corrects'),
    focus: 'reverse',
  },
  {
    name: 'one person decides a line alone',
    apply: changed('ledger_decide_line', 'v_change.proposed_by = p_by', 'false'),
    focus: 'line',
  },
  {
    name: 'a line is approved by nobody else',
    apply: done('ALTER TABLE credit_line_change DROP CONSTRAINT credit_line_two_people'),
    focus: 'vandals',
  },
  {
    name: 'a line is lowered below what is in use',
    apply: changed('ledger_decide_line', 'v_used < -v_change.limit_units', 'false'),
    focus: 'line',
  },
  {
    name: 'what is set aside and what is owed have a line each',
    apply: done('DROP TRIGGER account_line ON account'),
    focus: 'placeOnAccount',
  },
  { name: 'a minimum follows no line', apply: done('DROP TRIGGER account_minimum ON account'), focus: 'vandals' },
  {
    name: 'what is owed may be spent on something else',
    apply: done('DROP TRIGGER posting_arrears ON posting'),
    focus: 'lend',
  },
  {
    name: 'arrears are overpaid',
    apply: done('ALTER TABLE account DROP CONSTRAINT account_arrears_ceiling'),
    focus: 'payArrears',
  },
  {
    name: 'receivables are overpaid',
    apply: done('ALTER TABLE account DROP CONSTRAINT account_receivable_ceiling'),
    focus: 'payReceivable',
  },
];
