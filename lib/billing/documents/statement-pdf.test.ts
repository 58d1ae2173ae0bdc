import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import type { WalletDay } from '#lib/ledger/wallet-month.ts';
import { type Statement, renderStatementPdf } from './statement-pdf.ts';

const day = (date: number, amount: bigint): WalletDay => ({
  date: `2026-11-${`${date}`.padStart(2, '0')}`,
  kind: amount > 0n ? 'topUpSettled' : 'holdPlaced',
  moves: 3,
  amountUnits: units(amount),
});

function statementWith(change: Partial<Statement> = {}): Statement {
  return {
    month: present(parseMonth('2026-11'), 'month'),
    closedAt: instant(Date.UTC(2026, 11, 2, 4)),
    seller: '示例电信算力运营有限公司（演示）',
    buyer: { id: idFrom('organisation', 'org_1'), name: '星图智能' },
    wallet: {
      openingUnits: units(0n),
      closingUnits: units(90_000_000_00n),
      days: [day(1, 100_000_000_00n), day(2, -10_000_000_00n)],
    },
    invoice: { number: 'KS-2026-000001', grossFen: fen(1_234n) },
    ...change,
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('the statement of an account', () => {
  test('is the same bytes for the same month, dated by its close', async () => {
    const first = await renderStatementPdf(statementWith());
    expect(sha256(await renderStatementPdf(statementWith()))).toBe(sha256(first));
    expect([...latin(first).matchAll(/\(D:(\d{14})Z/g)].map(([, date]) => date)).toEqual([
      '20261202040000',
      '20261202040000',
    ]);
    expect(sha256(await renderStatementPdf(statementWith({ invoice: null })))).not.toBe(sha256(first));
  });

  test('goes on over more sheets when much moved, and stands on one when nothing did', async () => {
    const days = Array.from({ length: 240 }, (_, i) => day((i % 30) + 1, i % 2 === 0 ? 1n : -1n));
    const pages = (bytes: Uint8Array): number => [...latin(bytes).matchAll(/\/Type \/Page\b/g)].length;
    const wallet = { openingUnits: units(0n), closingUnits: units(0n) };
    expect(pages(await renderStatementPdf(statementWith({ wallet: { ...wallet, days } })))).toBeGreaterThan(3);
    expect(pages(await renderStatementPdf(statementWith({ wallet: { ...wallet, days: [] }, closedAt: null })))).toBe(1);
  });
});
