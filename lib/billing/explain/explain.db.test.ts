import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { instant, toIso } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { sealLedger } from '#lib/ledger/sealing.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { chargeDto, invoicesDto, journalDto, lineDto } from '#lib/api/origin-schemas.ts';
import { closePeriod } from '../close.ts';
import { listInvoices } from '../invoices.ts';
import { explainCharge } from './charges.ts';
import { allHold } from './equation.ts';
import { explainJournal, listJournalCharges } from './journals.ts';
import { toInvoiceJson, toJournalJson, toLineJson, toPartsJson, toWholeChargeJson } from './json.ts';
import { explainInvoiceLine, listLinePart } from './lines.ts';
import { explainWholeLine } from './whole-line.ts';

const ownerUrl = await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');
const ALL = { skip: 0, take: 200 };

async function staffOf(...roles: ('ops' | 'finance' | 'auditor')[]): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = 'usr_f' as Id<'user'>;
  return { actor: { kind: 'staff', userId, roles }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

/** Two customers with odd seconds of use and a term by the card, and their month closed and sealed. */
async function closedMonth() {
  const other = await seedCustomer(10_000n, market.startAt);
  await book(market, { cards: 3, durationSeconds: 5_000 });
  await book(market, { cards: 7, durationSeconds: 7_777 });
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await book(market, { cards: 1, durationSeconds: 100 }, other);
  await runTo(market, instant(market.startAt + 26 * 3_600_000));
  await runTo(market, monthCutoffAt(MONTH));
  const finance = await staffOf('finance');
  expect(await closePeriod(finance, MONTH)).toMatchObject({ ok: true, value: { invoices: 2 } });
  await sealLedger({ ...finance, actor: { kind: 'system', job: 'sealing' }, scope: { kind: 'system' } });
  return { own: await customerOf(market.organisationId), other: await customerOf(other), finance };
}

const { own, other, finance } = await closedMonth();
const invoice = present((await listInvoices(own, {}, ALL)).rows[0], 'the own invoice');
/** Lines stand by SKU: the first is the term by the card, the second the use by the hour. */
const wish = { invoiceId: invoice.id, line: 2 };

/** Alters rows as their owner, past every trigger, while `look` looks; then puts them back. */
const altered = <T>(table: string, set: string, where: string, look: () => Promise<T>): Promise<T> =>
  withAdmin(ownerUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    const kept = await client.query(`CREATE TEMP TABLE kept AS SELECT * FROM ${table} WHERE ${where}`);
    expect(kept.rowCount).toBeGreaterThan(0);
    await client.query(`UPDATE ${table} SET ${set} WHERE ${where}`);
    const seen = await look();
    await client.query(`DELETE FROM ${table} WHERE ${where}`);
    const { rows } = await client.query<{ names: string }>(
      `SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
       WHERE table_name = $1 AND is_generated = 'NEVER'`,
      [table],
    );
    const names = present(rows[0], 'columns').names;
    await client.query(`INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM kept`);
    return seen;
  });

/** The chain of parts of a line down to one card of its first hour. */
async function walkDown(ctx: Ctx) {
  const days = present(await listLinePart(ctx, wish, ALL), 'days');
  const day = present(days.rows[0], 'a day').key;
  const reservations = present(await listLinePart(ctx, { ...wish, day }, ALL), 'reservations');
  const reservationId = present(reservations.rows[0], 'a reservation').key;
  const hours = present(await listLinePart(ctx, { ...wish, day, reservationId }, ALL), 'hours');
  const hour = present(hours.rows[0], 'an hour').key;
  const cards = present(await listLinePart(ctx, { ...wish, reservationId, hour }, ALL), 'cards');
  return { days, reservations, hours, cards, day, reservationId, hour };
}

const brokenRules = (equations: readonly { readonly rule: string; readonly holds: boolean }[] | undefined) =>
  (equations ?? []).filter(({ holds }) => !holds).map(({ rule }) => rule);

describe('an invoice line', () => {
  test('is explained by steps that all hold, for each line and both viewers', async () => {
    for (const ctx of [own, finance])
      for (const line of [1, 2]) {
        const found = present(await explainInvoiceLine(ctx, { ...wish, line }), 'the line');
        expect(brokenRules(found.equations)).toEqual([]);
        expect(found).toMatchObject({ isIntact: true, broken: 0 });
      }
    expect(await explainInvoiceLine(own, { ...wish, line: 3 })).toBeNull();
  });

  test('comes apart by day, reservation, hour and card, and every part sums to what it is a part of', async () => {
    const { days, reservations, hours, cards } = await walkDown(own);
    const line = present(await explainInvoiceLine(own, wish), 'the line').line;
    const sum = (rows: typeof days.rows) => sumUnits(rows.map(({ amountUnits }) => amountUnits));
    expect(sum(days.rows)).toBe(line.grossUnits);
    expect(sum(reservations.rows)).toBe(days.rows[0]?.amountUnits);
    expect(sum(hours.rows)).toBe(reservations.rows[0]?.amountUnits);
    expect(sum(cards.rows)).toBe(hours.rows[0]?.amountUnits);
    expect(cards.rows[0]?.name).toMatch(/^p01\/s01\/n\d · \d+$/);
    expect(cards.reservationName).toBe('test');
    expect([days, reservations, hours, cards].flatMap(({ rows }) => rows.map(({ broken }) => broken))).not.toContain(1);
  });

  test('is paged, and its totals are of all pages', async () => {
    const { reservations, day } = await walkDown(own);
    const page = present(await listLinePart(own, { ...wish, day }, { skip: 1, take: 1 }), 'the second page');
    expect(page.rows).toEqual(reservations.rows.slice(1, 2));
    expect(page.totals).toEqual(reservations.totals);
    expect(page.total).toBe(reservations.total);
  });

  test('has no parts where it has no charges, and none at all for words that are no part', async () => {
    const { reservationId } = await walkDown(own);
    for (const part of [
      { day: '2026-10-01' },
      { day: '2026-02-30' },
      { day: 'x' },
      { day: '0000-01-01' },
      { day: '9999-12-31' },
      { reservationId, hour: '0000-01-01T00:00:00Z' },
      { reservationId },
      { hour: toIso(market.startAt) },
      { reservationId, hour: 'x' },
      { reservationId, hour: '2026-11-02T01:30:00Z' },
      { day: '2026-11-02', reservationId: "' OR 1=1" },
    ])
      expect(await listLinePart(own, { ...wish, ...part }, ALL), JSON.stringify(part)).toBeNull();
  });
});

describe('a charge', () => {
  test('is explained from its evidence to its amount, and leads to its journal and line', async () => {
    for (const line of [1, 2]) {
      const days = present(await listLinePart(own, { ...wish, line }, ALL), 'days');
      for (const { key: day } of days.rows)
        for (const { key: reservationId } of (await listLinePart(own, { ...wish, line, day }, ALL))?.rows ?? [])
          for (const { key: hour } of (await listLinePart(own, { ...wish, line, day, reservationId }, ALL))?.rows ?? [])
            for (const card of (await listLinePart(own, { ...wish, line, reservationId, hour }, ALL))?.rows ?? []) {
              const one = { allocationId: card.key, hour, revision: card.revision };
              const found = present(await explainCharge(own, one), 'the charge');
              expect(brokenRules(found.equations)).toEqual([]);
              expect(found.charge.amountUnits).toBe(card.amountUnits);
              expect(found.line).toEqual({ invoiceId: invoice.id, number: invoice.number, line });
              expect(found.gaps).toEqual([]);
              expect(found.journalId).not.toBeNull();
            }
    }
  });

  test('shows members no invoice', async () => {
    const { cards, hour } = await walkDown(own);
    const member: Ctx = { ...own, actor: { ...own.actor, kind: 'customer', role: 'member' } as never };
    const one = { allocationId: present(cards.rows[0], 'a card').key, hour, revision: 0 };
    expect((await explainCharge(member, one))?.line).toBe('notShown');
    await expect(explainInvoiceLine(member, wish)).rejects.toThrow(Forbidden);
    await expect(listLinePart(member, wish, ALL)).rejects.toThrow(Forbidden);
  });
});

describe('a whole line as a file', () => {
  const read = async (ctx: Ctx, line: number, pageRows?: number) => {
    const file = present(await explainWholeLine(ctx, { ...wish, line }, pageRows), 'a file');
    let text = '';
    for await (const part of file.parts) text += part;
    return { text, seal: file.seal(), json: JSON.parse(text) };
  };

  test('has every charge with its evidence, and is the same whatever the size of its pages', async () => {
    for (const line of [1, 2]) {
      const { text, seal, json } = await read(own, line);
      expect(seal).toMatchObject({ broken: 0, holds: true, charges: json.charges });
      expect(json).toMatchObject({ holds: true, everyChargeHolds: true, allHolds: true });
      expect(json.everyCharge).toHaveLength(json.charges);
      const sum = json.everyCharge.reduce(
        (total: bigint, each: { charge: { amountUnits: string } }) => total + BigInt(each.charge.amountUnits),
        0n,
      );
      expect(`${sum}`).toBe(json.line.grossUnits);
      expect((await read(own, line, 1)).text).toBe(text);
      expect((await read(finance, line, 7)).text).toBe(text);
    }
    expect(await explainWholeLine(other, wish)).toBeNull();
  });

  test('says so when one charge among them was altered, though their sum was not', async () => {
    const { cards, hour } = await walkDown(own);
    const [first, second] = cards.rows.map(({ key }) => key);
    const where = `allocation_id IN ('${first}', '${second}') AND hour_at = '${hour}'`;
    const set = `amount_units = amount_units + CASE WHEN allocation_id = '${first}' THEN 1 ELSE -1 END`;
    const found = await altered('usage_charge', set, where, () => read(own, 2));
    expect(found.seal).toMatchObject({ broken: 2, holds: false });
    expect(found.json).toMatchObject({ holds: true, everyChargeHolds: false, allHolds: false });
  });
});

describe('a journal', () => {
  const journals = () =>
    withTx(SYSTEM, (tx) =>
      tx.journal.findMany({ select: { id: true, kind: true, organisationId: true }, orderBy: { id: 'asc' } }),
    );

  test('of every kind in the books is tied to what caused it, and stands in the chain', async () => {
    const kinds = new Set<string>();
    for (const { id } of await journals()) {
      const found = present(await explainJournal(finance, `${id}`), 'the journal');
      kinds.add(found.journal.kind);
      expect(allHold(found.equations), found.journal.key).toBe(true);
      expect(found).toMatchObject({ isWhole: true, isContentIntact: true, chain: { holds: true } });
      expect(
        found.equations.some(({ rule }) => rule === 'balancedMoney'),
        found.journal.key,
      ).toBe(true);
    }
    for (const kind of [
      'holdPlaced',
      'commitmentPaid',
      'usageAccrued',
      'commitmentEarned',
      'invoiceIssued',
      'residueReturned',
    ])
      expect([...kinds]).toContain(kind);
  });

  test('shows a customer the own ones with the own legs, and all that is said of them holds', async () => {
    for (const { id, organisationId } of await journals()) {
      const found = await explainJournal(own, `${id}`);
      if (organisationId !== own.scope.organisationId) expect(found).toBeNull();
      else {
        expect(brokenRules(found?.equations)).toEqual([]);
        expect(found).toMatchObject({ isWhole: false, chain: null, isContentIntact: null });
        expect(JSON.stringify(found?.legs.map(({ path }) => path))).not.toMatch(/revenue|vat|rounding|psp/);
      }
    }
  });

  test('of an hour leads to the charges, and the steps before and after it are there', async () => {
    const { cards, hour } = await walkDown(own);
    const one = { allocationId: present(cards.rows[0], 'a card').key, hour, revision: 0 };
    const charge = present(await explainCharge(own, one), 'the charge');
    const found = present(await explainJournal(own, charge.journalId ?? ''), 'its journal');
    expect(found.cause.hour).toMatchObject({ charges: cards.total, amountUnits: cards.totals.amountUnits });
    expect(found.related.map(({ kind }) => kind)).toContain('holdPlaced');
    const carried = present(await listJournalCharges(own, charge.journalId ?? '', ALL), 'its charges');
    expect(carried.rows.map(({ key }) => key)).toEqual(cards.rows.map(({ key }) => key));
    expect(carried.totals).toEqual(cards.totals);
    expect(await listJournalCharges(other, charge.journalId ?? '', ALL)).toBeNull();
  });
});

describe('what is not the own', () => {
  test('does not exist: lines, parts, charges and journals', async () => {
    const { cards, hour } = await walkDown(own);
    const one = { allocationId: present(cards.rows[0], 'a card').key, hour, revision: 0 };
    expect(await explainInvoiceLine(other, wish)).toBeNull();
    expect(await listLinePart(other, wish, ALL)).toBeNull();
    expect(await explainCharge(other, one)).toBeNull();
    expect(await explainCharge(own, { ...one, revision: 1 })).toBeNull();
    for (const odd of ['', '\0', 'alc_\0', "' OR 1=1", 'alc_x'])
      expect(await explainCharge(own, { ...one, allocationId: odd })).toBeNull();
    for (const odd of ['', '\0', 'inv_\0', 'inv_x'])
      expect(await explainInvoiceLine(own, { ...wish, invoiceId: odd })).toBeNull();
    for (const hourText of ['', 'x', '2026-11-02T01:30:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:00:00Z'])
      expect(await explainCharge(own, { ...one, hour: hourText })).toBeNull();
    for (const id of ['', '-1', '1e9', '999999999999999999', '0 OR true'])
      expect(await explainJournal(own, id)).toBeNull();
  });

  test('is no matter of ops staff or visitors', async () => {
    const ops = await staffOf('ops');
    const visitor: Ctx = { ...own, actor: { kind: 'visitor' }, scope: { kind: 'public' } };
    for (const ctx of [ops, visitor]) {
      await expect(explainInvoiceLine(ctx, wish)).rejects.toThrow();
      await expect(listLinePart(ctx, wish, ALL)).rejects.toThrow();
      await expect(explainCharge(ctx, { allocationId: 'x', hour: 'x', revision: 0 })).rejects.toThrow();
      await expect(explainJournal(ctx, '1')).rejects.toThrow();
    }
    expect(await explainInvoiceLine(await staffOf('auditor'), wish)).not.toBeNull();
  });
});

test('what programs get is what the document of the API says', async () => {
  const { cards, hours, hour, journalId } = await (async () => {
    const found = await walkDown(own);
    const one = { allocationId: present(found.cards.rows[0], 'a card').key, hour: found.hour, revision: 0 };
    const charge = present(await explainCharge(own, one), 'the charge');
    chargeDto.parse(toWholeChargeJson(charge));
    return { ...found, journalId: present(charge.journalId, 'a journal') };
  })();
  const line = present(await explainInvoiceLine(own, wish), 'the line');
  for (const parts of [hours, cards]) lineDto.parse({ ...toLineJson(line), parts: toPartsJson(parts) });
  invoicesDto.parse({ rows: (await listInvoices(own, {}, ALL)).rows.map(toInvoiceJson), total: 1 });
  for (const ctx of [own, finance]) {
    const journal = present(await explainJournal(ctx, journalId), 'the journal');
    const shown = journalDto.parse(toJournalJson(journal, await listJournalCharges(ctx, journalId, ALL)));
    expect(shown.charges?.rows).toHaveLength(cards.rows.length);
    expect(shown.cause.hour?.hourAt).toBe(hour);
  }
});

describe('altered rows', () => {
  test('of a charge show on the charge, on its hour and day, and on the line', async () => {
    const { cards, hour, reservationId, day } = await walkDown(own);
    const allocationId = present(cards.rows[0], 'a card').key;
    const where = `allocation_id = '${allocationId}' AND hour_at = '${hour}'`;
    const one = { allocationId, hour, revision: 0 };
    const rulesAfter = async (set: string) =>
      altered('usage_charge', set, where, async () => ({
        charge: brokenRules((await explainCharge(own, one))?.equations),
        line: await explainInvoiceLine(own, wish),
        day: (await listLinePart(own, { ...wish, day }, ALL))?.rows.find(({ key }) => key === reservationId)?.broken,
        card: (await listLinePart(own, { ...wish, reservationId, hour }, ALL))?.rows[0]?.broken,
      }));
    const dearer = await rulesAfter('amount_units = amount_units + 1');
    expect(dearer).toMatchObject({ charge: ['amount'], day: 1, card: 1 });
    expect(brokenRules(dearer.line?.equations)).toEqual(['lineUnits']);
    const longer = await rulesAfter('used_seconds = used_seconds - 1, down_seconds = down_seconds + 1');
    expect(longer.charge).toEqual(['secondsProven', 'weightedByHour']);
    expect(brokenRules(longer.line?.equations)).toEqual(['lineUsed']);
    const banded = await rulesAfter('band_bps = 9000');
    expect(banded.charge).toEqual(['bandInForce', 'weightedByHour']);
    const toDate = await rulesAfter('charged_to_date_units = charged_to_date_units + 1');
    expect(toDate.charge).toEqual(['chargedAfter', 'amount']);
    expect(toDate.line?.broken).toBe(1);
  });

  test('of evidence show on the charges that rest on them', async () => {
    const { cards, hour } = await walkDown(own);
    const allocationId = present(cards.rows[0], 'a card').key;
    const where = `allocation_id = '${allocationId}'`;
    const found = await altered('evidence', "start_at = start_at + interval '90 seconds'", where, () =>
      explainCharge(own, { allocationId, hour, revision: 0 }),
    );
    expect(brokenRules(found?.equations)).toEqual(['secondsProven']);
    expect(found?.gaps).toMatchObject([{ reason: 'notHandedOver' }]);
  });

  test('of an invoice and its lines show on every line', async () => {
    const look = () => explainInvoiceLine(own, wish);
    const line = `invoice_id = '${invoice.id}' AND line = 2`;
    expect(brokenRules((await altered('invoice_line', 'net_fen = net_fen + 1', line, look))?.equations)).toEqual([
      'net',
      'tax',
    ]);
    expect(brokenRules((await altered('invoice_line', 'gross_fen = gross_fen + 1', line, look))?.equations)).toEqual(
      expect.arrayContaining(['lineFen', 'invoiceSum', 'tax', 'printed']),
    );
    const rewritten = "snapshot = jsonb_set(snapshot::jsonb, '{buyer,name}', '\"X\"')";
    expect((await altered('invoice', rewritten, `id = '${invoice.id}'`, look))?.isIntact).toBe(false);
  });

  test('of a posting show on its journal, and on every journal of its block', async () => {
    const { cards, hour } = await walkDown(own);
    const one = { allocationId: present(cards.rows[0], 'a card').key, hour, revision: 0 };
    const { journalId } = present(await explainCharge(own, one), 'the charge');
    const where = `journal_id = ${journalId} AND asset = 'CNY/8' AND debit_units > 0`;
    const found = await altered('posting', 'debit_units = debit_units + 1', where, () =>
      explainJournal(finance, journalId ?? ''),
    );
    expect(brokenRules(found?.equations)).toEqual(['hourMoney', 'balancedMoney']);
    expect(found).toMatchObject({ isContentIntact: false, chain: { holds: false } });
  });
});
