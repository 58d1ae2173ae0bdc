import { describe, expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { present } from '#lib/core/assert.ts';
import { charged, invoiceIssued, invoiceKeys, residueReturned, topUpSettled } from '#lib/ledger/templates.ts';
import { partlyOwed, partlyToPromo } from '#lib/ledger/partly-owed.ts';
import { usageCorrected } from '#lib/ledger/usage-corrected.ts';
import { refundAsked, refundFailed, refundPaid } from '#lib/ledger/refund-templates.ts';
import { disputeLost, disputeOpened, disputeWon } from '#lib/ledger/dispute-templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import { journalEquations } from './journal.ts';
import { relatedKeys } from './journal-keys.ts';
import type { JournalCause, SeenLeg } from './types.ts';

const NOW = instant(Date.UTC(2026, 10, 2, 2));
const ORG = idFrom('organisation', 'org_1');
const INVOICE = { id: idFrom('invoice', 'inv_1'), organisationId: ORG, at: NOW };
const NOTHING: JournalCause = {
  reservation: null,
  hour: null,
  invoice: null,
  line: null,
  payment: null,
  bankLine: null,
  sla: null,
  creditLine: null,
  refund: null,
  dispute: null,
  hold: null,
};

const seen = ({ legs }: Journal): SeenLeg[] =>
  legs.map(({ account, debitUnits, creditUnits }, i) => ({
    leg: i + 1,
    path: account.path,
    accountKind: account.kind,
    asset: account.asset,
    debitUnits,
    creditUnits,
  }));

const rulesOf = (journal: Journal, cause: Partial<JournalCause>, isWhole = true) =>
  journalEquations(journal.kind, seen(journal), isWhole, { ...NOTHING, ...cause }, null).map(
    ({ rule, holds }) => `${rule}${holds ? '' : ' broken'}`,
  );

const RESERVATION = {
  reservationId: idFrom('reservation', 'rsv_1'),
  organisationId: ORG,
  poolId: 'pol_1',
  skuId: 'sku_1',
  purchase: 'by-hour',
} as const;
const hourJournal = charged(RESERVATION, { hourAt: NOW, revision: 0, effectiveAt: NOW }, units(500n), {
  used: 3_000n,
  unused: 0n,
  down: 600n,
});
const hour = {
  hourAt: NOW,
  charges: 1,
  usedSeconds: 3_000n,
  unusedSeconds: 0n,
  downSeconds: 600n,
  amountUnits: units(500n),
};

describe('what a journal is held against', () => {
  test('an hour: the charges, their money and their seconds', () => {
    const all = ['hourMoney', 'hourUsed', 'hourUnused', 'hourDown', 'balancedMoney', 'balancedSeconds'];
    expect(rulesOf(hourJournal, { hour })).toEqual(all);
    expect(rulesOf(hourJournal, { hour: { ...hour, amountUnits: units(501n) } })[0]).toBe('hourMoney broken');
    expect(rulesOf(hourJournal, { hour: { ...hour, downSeconds: 0n } })[3]).toBe('hourDown broken');
  });

  test('an hour that was put right: whoever gets back what was too much, wallet, vouchers or what is owed', () => {
    const correction = { id: 1n, hourAt: NOW, effectiveAt: NOW };
    const corrected = usageCorrected(RESERVATION, correction, units(-500n), -600n);
    const less = { ...hour, usedSeconds: -600n, downSeconds: 600n, amountUnits: units(-500n) };
    const shares = [{ grant: idFrom('promoGrant', 'prm_1'), amount: units(200n) }];
    const all = ['hourMoney', 'hourUsed', 'hourUnused', 'hourDown', 'balancedMoney', 'balancedSeconds'];
    for (const journal of [corrected, partlyOwed(corrected, ORG, 300n), partlyToPromo(corrected, ORG, shares)]) {
      expect(rulesOf(journal, { hour: less })).toEqual(all);
      expect(rulesOf(journal, { hour: { ...less, amountUnits: units(-499n) } })[0]).toBe('hourMoney broken');
    }
  });

  test('an invoice line: net and tax; its residue: what lies below a fen', () => {
    const issued = invoiceIssued({ ...INVOICE, line: 1 }, { id: 'sku_1', taxRateBps: 600 }, fen(100n), fen(6n));
    const line = { line: 1, netFen: fen(100n), taxFen: fen(6n) };
    expect(rulesOf(issued, { line })).toEqual(['netPosted', 'taxPosted', 'balancedMoney']);
    expect(rulesOf(issued, { line: { ...line, taxFen: fen(7n) } })[1]).toBe('taxPosted broken');
    const invoice = {
      id: INVOICE.id,
      number: 'KS-2026-000001',
      month: present(parseMonth('2026-11'), 'month'),
      residueUnits: units(9n),
    };
    for (const journal of residueReturned(INVOICE, [{ skuId: 'sku_1', amount: units(9n) }]))
      expect(rulesOf(journal, { invoice })).toEqual(['residuePosted', 'balancedMoney']);
  });

  test('a receipt: what arrived', () => {
    const id = idFrom('payment', 'pay_1');
    const journal = topUpSettled(id, ORG, 'sandbox', fen(5n), NOW);
    const payment = { id, method: 'sandbox', receivedFen: fen(5n) };
    expect(rulesOf(journal, { payment })).toEqual(['received', 'balancedMoney']);
    expect(rulesOf(journal, { payment: { ...payment, receivedFen: fen(4n) } })[0]).toBe('received broken');
  });

  test('a reversal: every leg of its original the other way round', () => {
    const original = seen(hourJournal);
    const legs = original.map((leg) => ({ ...leg, debitUnits: leg.creditUnits, creditUnits: leg.debitUnits }));
    const stepsOf = (own: SeenLeg[]) => journalEquations('reversal', own, true, NOTHING, original)[0];
    expect(stepsOf(legs)).toMatchObject({ rule: 'mirrored', holds: true });
    expect(stepsOf(legs.slice(1))).toMatchObject({ holds: false });
    expect(stepsOf(original)).toMatchObject({ holds: false });
  });

  test('nothing where its rows or the other legs are not in sight', () => {
    expect(rulesOf(hourJournal, {}, false)).toEqual([]);
  });
});

test('the steps of one matter find one another by their keys', () => {
  const refund = { id: idFrom('refund', 'rfd_1'), organisationId: ORG, amount: fen(5n) };
  const dispute = {
    id: idFrom('dispute', 'dsp_1'),
    organisationId: ORG,
    provider: 'stripe',
    fromWallet: units(5n),
    owed: units(0n),
  };
  const matters: readonly (readonly Journal[])[] = [
    [refundAsked(refund, NOW), refundPaid(refund, null, NOW), refundFailed(refund, NOW)],
    [...disputeOpened(dispute, NOW), ...disputeWon(dispute, NOW), disputeLost(dispute, NOW)],
  ];
  for (const matter of matters)
    for (const { key, source } of matter) {
      const keys = relatedKeys(source as Record<string, string>, key);
      expect(keys).not.toContain(key);
      expect(matter.map((each) => each.key).filter((each) => each !== key && !keys.includes(each))).toEqual([]);
    }
  const [first = ''] = invoiceKeys(INVOICE.id, 3);
  const others = relatedKeys({ invoice: INVOICE.id, line: 1 }, first);
  expect(invoiceKeys(INVOICE.id, 3).filter((key) => !others.includes(key))).toEqual([first]);
});
