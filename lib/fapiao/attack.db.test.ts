import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { fen, units } from '#lib/core/money.ts';
import { post } from '#lib/ledger/posting.ts';
import { hoursReturned } from '#lib/ledger/templates.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { getFapiaoQueue, importResults, makeBatch } from './exchange.ts';
import { FAPIAO_PROOFS } from './proofs.ts';
import { confirmRed, requestRed } from './reds.ts';
import { getFapiaoAccount, listOpenInvoices, requestFapiao, withdrawFapiao } from './requests.ts';
import { findFapiao, listFapiao } from './service.ts';
import { freshNumber, handOver, issuedRow, must, openClosedMarket, resultsFile, titleOf } from './testing.ts';
import type { FapiaoView } from './types.ts';

const url = await createTestDatabase();
const { own, other, finance, invoice, theirs } = await openClosedMarket();
const title = await titleOf(own, '攻击公司');
const wishOf = (amountYuan: string) => ({ titleId: title.id, invoiceIds: [invoice.id], amountYuan, remark: '' });
const ask = async (amountYuan: string) => requestFapiao(own, wishOf(amountYuan));
const yuanOf = (amount: bigint): string => `${amount / 100n}.${`${amount % 100n}`.padStart(2, '0')}`;

async function issue(fapiao: FapiaoView): Promise<void> {
  await handOver(finance);
  must(await importResults(finance, resultsFile([issuedRow(fapiao, freshNumber(), finance)])));
}

/** By what the database refuses something: its SQL state, or which of our checks; undefined when it does not. */
const stateOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => {
      const { sqlState, message } = databaseErrorOf(error) ?? { sqlState: 'none', message: String(error) };
      return sqlState === '23514'
        ? (/fapiao_\w+_check|more than is left|the sum of/.exec(message)?.[0] ?? message)
        : sqlState;
    },
  );

/** Writes past every service, as a bug of ours would. */
const bySystem = (work: (tx: Tx) => Promise<unknown>) => stateOf(withTx(SYSTEM, work));
const byTenant = (work: (tx: Tx) => Promise<unknown>) => stateOf(withTx(own, work));

async function proofsOf(): Promise<Record<string, number>> {
  const found = await withTx(SYSTEM, async (tx) => {
    const results: [string, number][] = [];
    for (const { name, run } of FAPIAO_PROOFS) results.push([name, (await run(tx)).violations]);
    return results;
  });
  return Object.fromEntries(found.filter(([, violations]) => violations > 0));
}

describe('at the same moment', () => {
  test('twenty requests for two thirds each: one is accepted, and nothing is left below zero', async () => {
    const { availableFen } = await getFapiaoAccount(own);
    const most = yuanOf((availableFen * 2n) / 3n);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(most)));
    const accepted = answers.filter(({ ok }) => ok);
    expect(accepted).toHaveLength(1);
    expect(new Set(answers.map((answer) => (answer.ok ? 'accepted' : answer.refusal.code)))).toEqual(
      new Set(['accepted', 'fapiaoOverInvoices']),
    );
    for (const answer of accepted) must(await withdrawFapiao(own, must(answer).id));
    expect((await getFapiaoAccount(own)).availableFen).toBe(availableFen);
  });

  test('two files give one number to two fapiao: one is issued', async () => {
    const [one, two] = [must(await ask('1.00')), must(await ask('1.00'))];
    await handOver(finance);
    const number = freshNumber();
    const files = [one, two].map((fapiao) => resultsFile([issuedRow(fapiao, number, finance)]));
    const answers = await Promise.all(files.map((file) => importResults(finance, file)));
    const kinds = answers.map((answer) => must(answer)[0]?.verdict);
    expect(kinds.filter((verdict) => verdict?.kind === 'done')).toHaveLength(1);
    expect(kinds.find((verdict) => verdict?.kind === 'conflict')).toEqual({
      kind: 'conflict',
      conflict: { code: 'numberTaken' },
    });
    const left = (await findFapiao(own, one.id))?.fapiao.state === 'issued' ? two : one;
    must(await importResults(finance, resultsFile([issuedRow(left, freshNumber(), finance)])));
  });

  test('the same file five times: every fapiao is issued once, with one history', async () => {
    const asked = [must(await ask('1.00')), must(await ask('2.00')), must(await ask('3.00'))];
    await handOver(finance);
    const file = resultsFile(asked.map((fapiao) => issuedRow(fapiao, freshNumber(), finance)));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => importResults(finance, file)));
    const verdicts = answers.flatMap((answer) => must(answer).map(({ verdict }) => verdict.kind));
    expect(verdicts.filter((kind) => kind === 'done')).toHaveLength(3);
    expect(new Set(verdicts)).toEqual(new Set(['done', 'known']));
    for (const { id } of asked)
      expect((await findFapiao(own, id))?.history.map(({ state }) => state)).toEqual([
        'requested',
        'issuing',
        'issued',
      ]);
  });

  test('a batch and a withdrawal: one of them wins, and two batches share nothing', async () => {
    const asked = await Promise.all(['1.00', '1.01', '1.02', '1.03'].map(ask));
    const ids = asked.map((each) => must(each).id);
    const work = [...ids.map((id) => withdrawFapiao(own, id)), makeBatch(finance), makeBatch(finance)];
    await Promise.all<unknown>(work);
    const states = await Promise.all(ids.map(async (id) => (await findFapiao(own, id))?.history.at(-1)?.state));
    expect(states.every((state) => state === 'issuing' || state === 'withdrawn' || state === 'requested')).toBe(true);
    await makeBatch(finance);
    const open = (await listFapiao(own, { states: ['issuing'] }, { skip: 0, take: 50 })).rows;
    must(await importResults(finance, resultsFile(open.map((fapiao) => issuedRow(fapiao, freshNumber(), finance)))));
    expect(await proofsOf()).toEqual({});
  });

  test('ten red ones for the whole of one blue one: one is accepted', async () => {
    const blue = must(await ask('7.00'));
    await issue(blue);
    const wish = { fapiaoId: blue.id, amountYuan: '7.00', reason: '整张作废' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => requestRed(own, wish)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const red = must(answers.find(({ ok }) => ok) ?? { ok: false, refusal: { code: 'none' } });
    must(await confirmRed(finance, { fapiaoId: red.id, confirmation: 'HZ20261202' }));
    await issue(red);
  });
});

describe('a refund', () => {
  test('lowers what is left, rounded up to the fen; what is too much already is named, and nothing more is given', async () => {
    const before = await getFapiaoAccount(own);
    const refund = (step: number, amount: bigint) =>
      withTx(SYSTEM, (tx) =>
        post({ ...SYSTEM, now: own.now }, tx, [
          hoursReturned(
            {
              reservationId: 'rsv_refund' as never,
              organisationId: invoice.organisationId,
              poolId: 'pol_sg-zw810e',
              skuId: 'sku_sg-zw810e-card',
              purchase: 'by-card',
            },
            own.now,
            step,
            units(amount),
          ),
        ]),
      );
    await refund(1, 1_000_001n);
    expect(await getFapiaoAccount(own)).toMatchObject({ refundedFen: 2n, availableFen: before.availableFen - 2n });
    const most = yuanOf(before.availableFen);
    expect(await ask(most)).toMatchObject({
      refusal: { code: 'fapiaoOverAvailable', availableFen: `${before.availableFen - 2n}` },
    });
    const blue = must(await ask(''));
    expect(blue.grossFen).toBe(fen(before.availableFen - 2n));
    await issue(blue);
    await refund(2, 500n * 1_000_000n);
    expect(await getFapiaoAccount(own)).toMatchObject({ availableFen: 0n, excessFen: 500n });
    expect((await getFapiaoQueue(finance)).excesses).toEqual([
      { organisationId: invoice.organisationId, organisationName: 'Test', excessFen: 500n },
    ]);
    expect(await ask('0.01')).toMatchObject({ refusal: { code: 'fapiaoNothingLeft' } });
    expect(await proofsOf()).toEqual({});
    const red = must(await requestRed(own, { fapiaoId: blue.id, amountYuan: '8.00', reason: '退款' }));
    must(await confirmRed(finance, { fapiaoId: red.id, confirmation: 'HZ1000000' }));
    await issue(red);
    expect(await getFapiaoAccount(own)).toMatchObject({ availableFen: 300n, excessFen: 0n });
    expect((await listOpenInvoices(own)).map(({ leftFen }) => leftFen)).toEqual([802n]);
  });
});

describe('the database refuses by itself', () => {
  const copy = (tx: Tx, id: string, changes: string) =>
    tx.$executeRawUnsafe(
      `INSERT INTO fapiao SELECT (jsonb_populate_record(f, '${changes}'::jsonb)).* FROM fapiao f WHERE f.id = '${id}'`,
    );
  const fresh = { id: 'fap_x', sales_number: 'FPX', number: null, issued_on: null, state: 'requested', batch_id: null };

  test('more than is left, in total and in a line; lines that do not sum; a line that comes later', async () => {
    const blue = must(await ask('1.00'));
    const over = JSON.stringify({ ...fresh, gross_fen: 99_999_999, net_fen: 99_999_999, tax_fen: 0 });
    expect(await bySystem((tx) => copy(tx, blue.id, over))).toBe('fapiao_available_check');
    expect(await bySystem((tx) => copy(tx, blue.id, JSON.stringify(fresh)))).toBe('the sum of');
    const line = (tx: Tx, id: string, gross: number) =>
      tx.$executeRawUnsafe(
        `INSERT INTO fapiao_line SELECT (jsonb_populate_record(l, '{"fapiao_id": "${id}", "line": 9, "gross_fen": ${gross}, "net_fen": ${gross}, "tax_fen": 0}')).*
         FROM fapiao_line l WHERE l.fapiao_id = '${blue.id}' LIMIT 1`,
      );
    expect(await bySystem((tx) => line(tx, blue.id, 99_999_999))).toBe('more than is left');
    expect(await bySystem((tx) => line(tx, blue.id, 1))).toBe('the sum of');
    must(await withdrawFapiao(own, blue.id));
  });

  test('a state out of its order, a number that is none, a second number, and any other change', async () => {
    const blue = must(await ask('1.00'));
    const set = (what: string) =>
      bySystem((tx) => tx.$executeRawUnsafe(`UPDATE fapiao SET ${what} WHERE id = '${blue.id}'`));
    expect(await set(`state = 'issued', number = '${freshNumber()}', issued_on = '2026-12-02'`)).toBe('KS001');
    expect(await set(`state = 'confirmed', confirmation = 'x'`)).toBe('KS001');
    expect(await set(`state = 'issuing'`)).toBe('fapiao_batched_check');
    expect(await set(`gross_fen = 1`)).toBe('KS001');
    expect(await set(`buyer_name = 'other'`)).toBe('KS001');
    await handOver(finance);
    expect(await set(`state = 'issued', number = '123', issued_on = '2026-12-02'`)).toBe('fapiao_issued_check');
    const given = (await listFapiao(own, { states: ['issued'] }, { skip: 0, take: 1 })).rows[0]?.number ?? '';
    expect(await set(`state = 'issued', number = '${given}', issued_on = '2026-12-02'`)).toBe('23505');
    must(await importResults(finance, resultsFile([issuedRow(blue, freshNumber(), finance)])));
    expect(await set(`number = '${freshNumber()}'`)).toBe('KS001');
    expect(await set(`state = 'refused'`)).toBe('KS001');
    expect(
      await bySystem((tx) => copy(tx, blue.id, JSON.stringify({ ...fresh, kind: 'red', blue_id: 'fap_none' }))),
    ).toBe('KS001');
  });

  test('a tenant that issues, writes history, sees another, or asks for the account of another', async () => {
    const blue = must(await ask('0.50'));
    const set = (what: string) =>
      byTenant((tx) => tx.$executeRawUnsafe(`UPDATE fapiao SET ${what} WHERE id = '${blue.id}'`));
    expect(await set(`state = 'refused'`)).toBe('42501');
    expect(
      await byTenant(
        (tx) => tx.$executeRaw`INSERT INTO fapiao_event (fapiao_id, organisation_id, at, actor, state, note)
      VALUES (${blue.id}, ${invoice.organisationId}, now(), 'x', 'issued', '')`,
      ),
    ).toBe('42501');
    expect(await byTenant((tx) => tx.$queryRaw`SELECT * FROM fapiao_account(${theirs.organisationId})`)).toBe('42501');
    expect(await byTenant((tx) => tx.$executeRaw`DELETE FROM fapiao`)).toBe('42501');
    expect(await bySystem((tx) => tx.$executeRaw`UPDATE fapiao_event SET note = 'x'`)).toBe('42501');
    const seen = await withTx(
      other,
      (tx) => tx.$queryRaw<{ n: number }[]>`SELECT
      (SELECT count(*) FROM fapiao)::int + (SELECT count(*) FROM fapiao_line)::int + (SELECT count(*) FROM fapiao_event)::int
      + (SELECT count(*) FROM fapiao_title)::int + (SELECT count(*) FROM fapiao_batch)::int AS n`,
    );
    expect(seen[0]?.n).toBe(0);
    must(await withdrawFapiao(own, blue.id));
  });
});

test('rubbish is refused and changes nothing', async () => {
  const before = await listFapiao(finance, {}, { skip: 0, take: 500 });
  for (const text of ['', 'x'.repeat(100_000), '\u0000', `${'a,'.repeat(5_000)}\n`, '销售单号,数电票号码,价税合计\n'])
    expect((await importResults(finance, text)).ok).toBe(text.startsWith('销售单号'));
  const rows = ["' OR 1=1 --", '../../etc', 'FP', '\ud800', '𠮷'].map((xsdh) => ({
    xsdh,
    jshj: '1',
    fphm: freshNumber(),
    kprq: '2026-12-02',
  }));
  const verdicts = must(await importResults(finance, resultsFile(rows))).map(({ verdict }) => verdict);
  expect(new Set(verdicts.map((verdict) => verdict.kind))).toEqual(new Set(['conflict']));
  expect(await listFapiao(finance, {}, { skip: 0, take: 500 })).toEqual(before);
});

describe('the proofs', () => {
  test('hold of everything above, among all others', async () => {
    const results = await verifyDatabase({ ...SYSTEM, actor: { kind: 'system', job: 'proving' }, now: own.now });
    expect(results.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(expect.arrayContaining(FAPIAO_PROOFS.map(({ name }) => name)));
  });

  /** Breaks something as the owner of the tables, with the walls down, and takes it back. */
  async function brokenBy(sql: string): Promise<string[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SET LOCAL session_replication_role = replica');
      for (const check of ['fapiao_available_check', 'fapiao_issued_check', 'fapiao_sum_check'])
        await client.query(`ALTER TABLE fapiao DROP CONSTRAINT ${check}`);
      await client.query('DROP INDEX fapiao_number_key');
      await client.query(sql);
      const tx = {
        $queryRaw: async (strings: { sql?: string } | TemplateStringsArray, ...values: unknown[]) =>
          rowsOf(strings, values),
      };
      const rowsOf = async (strings: { sql?: string } | TemplateStringsArray, values: unknown[]) => {
        const [inner] = values as [{ sql: string }];
        const text = (strings as TemplateStringsArray).join('\u0001').replace('\u0001', () => inner.sql);
        return (await client.query(text)).rows as unknown[];
      };
      const found: string[] = [];
      for (const { name, run } of FAPIAO_PROOFS) if ((await run(tx as never)).violations > 0) found.push(name);
      return found;
    } finally {
      await client.query('ROLLBACK');
      await client.end();
    }
  }

  const anIssued = `(SELECT id FROM fapiao WHERE state = 'issued' AND kind = 'blue' ORDER BY sales_number LIMIT 1)`;
  test.each([
    [
      'fapiaoWithinInvoices',
      `UPDATE fapiao_line SET gross_fen = gross_fen + 99999999, net_fen = net_fen + 99999999 WHERE fapiao_id = ${anIssued}`,
    ],
    ['fapiaoWithinAvailable', `UPDATE fapiao SET available_fen = gross_fen - 1 WHERE id = ${anIssued}`],
    ['fapiaoSums', `UPDATE fapiao SET gross_fen = gross_fen - 1 WHERE id = ${anIssued}`],
    [
      'fapiaoNumbers',
      `UPDATE fapiao SET number = (SELECT number FROM fapiao WHERE id = ${anIssued}) WHERE state = 'issued'`,
    ],
    ['redWithinBlue', `UPDATE fapiao SET state = 'refused', number = NULL WHERE id IN (SELECT blue_id FROM fapiao)`],
    ['fapiaoHistory', `DELETE FROM fapiao_event WHERE state = 'issuing'`],
    ['fapiaoHistory', `UPDATE fapiao SET changed_at = changed_at + interval '1 second' WHERE id = ${anIssued}`],
  ])('%s finds what breaks it', async (name, sql) => {
    expect(await brokenBy(sql)).toContain(name);
  });
});
