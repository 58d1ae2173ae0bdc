import { expect, test } from 'vitest';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { ACCOUNT_KINDS, JOURNAL_KINDS } from './view-types.ts';

await createTestDatabase();

const read = <T>(sql: string): Promise<T[]> => withTx(SYSTEM, (tx) => tx.$queryRawUnsafe<T[]>(sql));

test('the code and the database know the same kinds of account and journal', async () => {
  const accounts = await read<{ kind: string }>('SELECT kind FROM account_kind');
  expect(accounts.map(({ kind }) => kind).sort()).toEqual(ACCOUNT_KINDS.toSorted());
  const journals = await read<{ kind: string }>('SELECT kind FROM journal_kind');
  expect(journals.map(({ kind }) => kind).sort()).toEqual(JOURNAL_KINDS.toSorted());
});

test('every kind of journal has its pairs, and a reversal those of what is reversible, the other way round', async () => {
  expect(await read(`SELECT kind FROM journal_kind WHERE kind NOT IN (SELECT journal_kind FROM journal_rule)`)).toEqual(
    [],
  );
  expect(
    await read(`(SELECT credit_kind, debit_kind FROM journal_rule JOIN journal_kind ON kind = journal_kind WHERE is_reversible
        EXCEPT SELECT debit_kind, credit_kind FROM journal_rule WHERE journal_kind = 'reversal')
      UNION ALL (SELECT debit_kind, credit_kind FROM journal_rule WHERE journal_kind = 'reversal'
        EXCEPT SELECT credit_kind, debit_kind FROM journal_rule JOIN journal_kind ON kind = journal_kind WHERE is_reversible)`),
  ).toEqual([]);
});

test('nothing that is reversible touches a hold, a term’s money or seconds: those are put right by their own kinds', async () => {
  expect(
    await read(`SELECT * FROM journal_rule JOIN journal_kind ON kind = journal_kind WHERE is_reversible
      AND (debit_kind IN ('hold', 'commitment') OR credit_kind IN ('hold', 'commitment') OR debit_kind LIKE 'capacity%')`),
  ).toEqual([]);
});

test('no way leads from promotional money to the bank, a provider or the wallet', async () => {
  // Besides paying and expiring, a credit for hours given back may be taken back again, to where it came from.
  expect(
    await read(`SELECT * FROM journal_rule WHERE debit_kind = 'promo' AND credit_kind NOT IN ('hold', 'commitment', 'contraPromo')
      AND (journal_kind, credit_kind) <> ('reversal', 'contraReturned')`),
  ).toEqual([]);
});
