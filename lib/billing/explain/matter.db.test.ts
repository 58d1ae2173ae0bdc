import { describe, expect, test } from 'vitest';
import { journalDto } from '#lib/api/origin-schemas.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { need } from '#lib/identity/testing/people.ts';
import { disputeLost, disputeOpened, disputeWon } from '#lib/ledger/dispute-templates.ts';
import { freshId, postAll } from '#lib/ledger/testing.ts';
import { decideRefund, failRefund, payRefund } from '#lib/payments/carrying-out.ts';
import { askRefund } from '#lib/payments/refunds.ts';
import { matchBankLine, recordBankLine } from '#lib/payments/bank-lines.ts';
import { announceTransfer } from '#lib/payments/top-ups.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from '../close.ts';
import { decideCreditNote, proposeCreditNote } from '../credit-notes/service.ts';
import { listInvoices } from '../invoices.ts';
import { explainJournal } from './journals.ts';
import { toJournalJson } from './json.ts';
import type { JournalExplanation } from './types.ts';

const url = await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');
await book(market, { cards: 3, durationSeconds: 5_000 });
await runTo(market, instant(market.startAt + 3 * 3_600_000));
await runTo(market, monthCutoffAt(MONTH));
const { organisationId } = market;
const now = await withTx(SYSTEM, readNow);
const staff = (name: string): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now,
});
const [fang, ge] = [staff('usr_fang'), staff('usr_ge')];
const own = await customerOf(organisationId);
need(await closePeriod(fang, MONTH));
const invoice = present((await listInvoices(fang, {}, { skip: 0, take: 9 })).rows[0], 'an invoice');

async function explain(key: string, ctx = fang): Promise<JournalExplanation> {
  const row = await withTx(SYSTEM, (tx) => tx.journal.findFirst({ where: { key }, select: { id: true } }));
  return present(await explainJournal(ctx, `${present(row, key).id}`), key);
}
const rules = ({ equations }: JournalExplanation) => equations.map(({ rule, holds }) => (holds ? rule : `${rule} !`));

describe('a credit note', () => {
  test('in parts: net by the invoice’s rule over all parts, and what was posted of each', async () => {
    const notes: string[] = [];
    for (const yuan of ['0.09', '0.26', '1.01']) {
      const input = { invoiceId: invoice.id, reason: 'orderChange', reasonText: '', scope: 'lines' } as const;
      const id = need(await proposeCreditNote(fang, { ...input, amounts: [{ line: 1, yuan }] }));
      need(await decideCreditNote(ge, { creditNoteId: id, isApproved: true }));
      notes.push(id);
    }
    for (const [i, id] of notes.entries()) {
      const found = await explain(`credit-note:${id}:1`);
      const posted = ['creditNet', 'tax', 'creditPosted', 'netPosted', 'taxPosted', 'balancedMoney'];
      expect(rules(found)).toEqual(posted);
      expect(found.cause.creditLine?.before.grossFen).toBe([0n, 9n, 35n][i]);
      expect(rules(await explain(`credit-note:${id}:1`, own))).toEqual(['creditNet', 'tax', 'creditPosted']);
      expect(() => journalDto.parse(toJournalJson(found, null))).not.toThrow();
    }
    await withAdmin(url, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(
        `UPDATE credit_note_line SET net_fen = net_fen - 1, tax_fen = tax_fen + 1 WHERE credit_note_id = $1`,
        [notes[1]],
      );
    });
    const broken = rules(await explain(`credit-note:${notes[1]}:1`));
    expect(broken).toEqual(['creditNet !', 'tax', 'creditPosted', 'netPosted !', 'taxPosted !', 'balancedMoney']);
  });
});

describe('a refund', () => {
  test('from asking to its end: what was asked for, and what is still on its way', async () => {
    const announced = need(await announceTransfer(own, fen(100_000n)));
    const received = { bankReference: 'IN1', receivedAt: now, amountYuan: '1000', payerName: '某某科技', remark: '' };
    const line = need(await recordBankLine(fang, received));
    need(await matchBankLine(fang, { bankLineId: line.id, paymentId: announced.id }));
    const ask = async (amountFen: bigint, token: string) => {
      const payee = { name: '某某科技', bank: '某某银行', account: '6222 0000 1111' };
      return need(await askRefund(own, { route: 'bank', amountFen: fen(amountFen), payee, reason: '项目结束' }, token))
        .id;
    };
    const [paid, failed] = [await ask(30_000n, 'a'), await ask(200n, 'b')];
    expect(rules(await explain(`refund:${paid}`))).toEqual(['refundPosted', 'refundLeft', 'balancedMoney']);
    for (const refundId of [paid, failed]) need(await decideRefund(fang, { refundId, isApproved: true, reason: '' }));
    need(await payRefund(fang, { refundId: paid, bankReference: 'OUT1' }));
    need(await failRefund(fang, { refundId: failed, reason: '账号不存在' }));
    for (const key of [`refund:${paid}`, `refund-paid:${paid}`, `refund:${failed}`, `refund-failed:${failed}`]) {
      const found = await explain(key);
      expect(rules(found), key).toEqual(['refundPosted', 'refundLeft', 'balancedMoney']);
      expect(rules(await explain(key, own)), key).toEqual(['refundPosted', 'refundLeft']);
      expect(() => journalDto.parse(toJournalJson(found, null))).not.toThrow();
    }
    const { cause } = await explain(`refund-paid:${paid}`);
    expect(cause.refund).toMatchObject({ state: 'paid', askedUnits: 30_000_000_000n, paidUnits: 30_000_000_000n });
  });
});

describe('a dispute', () => {
  test('from its opening to its end: two sides, two shares, and what it still keeps', async () => {
    const dispute = (n: number) => ({
      id: freshId('dispute', instant(now + n)),
      organisationId,
      provider: 'stripe',
      fromWallet: units(500_000_000n),
      owed: units(0n),
    });
    const [won, lost] = [dispute(1), dispute(2)];
    const ctx = { ...SYSTEM, now };
    await postAll(ctx, ...disputeOpened(won, now), ...disputeOpened(lost, now));
    const kept = ['disputeMoved', 'disputeKept', 'disputeShares', 'disputeLeft', 'balancedMoney'];
    expect(rules(await explain(`dispute-blocked:${won.id}`))).toEqual(kept);
    await postAll(ctx, ...disputeWon(won, now), disputeLost(lost, now));
    const expected: Readonly<Record<string, readonly string[]>> = {
      [`dispute:${won.id}`]: ['disputeMoved', 'disputeKept', 'disputeLeft', 'balancedMoney'],
      [`dispute-blocked:${won.id}`]: kept,
      [`dispute-won:${won.id}`]: ['disputeMoved', 'disputeKept', 'disputeLeft', 'balancedMoney'],
      [`dispute-unblocked:${won.id}`]: kept,
      [`dispute-lost:${lost.id}`]: ['disputeMoved', 'disputeKept', 'disputeLeft', 'balancedMoney'],
    };
    for (const [key, steps] of Object.entries(expected)) {
      const found = await explain(key);
      expect(rules(found), key).toEqual(steps);
      expect(() => journalDto.parse(toJournalJson(found, null))).not.toThrow();
    }
    const seen = await explain(`dispute-unblocked:${won.id}`, own);
    expect(rules(seen)).toEqual(['disputeMoved', 'disputeShares', 'disputeLeft']);
    expect(seen.cause.dispute).toMatchObject({ keptUnits: null, leftUnits: 0n });
  });
});
