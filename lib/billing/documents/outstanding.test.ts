import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import { NONE_OWED, Outstanding, owingOf } from './outstanding.ts';

const ORG: Id<'organisation'> = idFrom('organisation', 'org_1');
const charge = (journalKey: string, amount: bigint) => ({
  organisationId: ORG,
  journalKey,
  amountUnits: units(amount),
});
const open = (settled: bigint, asked: bigint | null) =>
  new Outstanding(new Map([[ORG, { settledUnits: units(settled), askedUnits: asked === null ? null : units(asked) }]]));
const WHOLE = { whole: new Set(['a', 'b', 'c']), parts: new Map([['fix', units(-4n)]]) };

describe('what is outstanding of a month', () => {
  test('is what became owed by a charge, and nothing of what was paid when it was used', () => {
    const of = open(0n, 11n);
    expect(of.ofCharge(charge('a', 10n), WHOLE)).toBe(10n);
    expect(of.ofCharge(charge('wallet', 7n), WHOLE)).toBe(0n);
    expect(of.ofCharge(charge('b', 5n), WHOLE)).toBe(5n);
    // Four of six came off what is owed, two went back into the wallet.
    expect(of.ofCharge(charge('fix', -6n), WHOLE)).toBe(-4n);
    expect(of.ofResidue(ORG, 3n)).toBe(0n);
  });

  test('leaves out what was settled before the invoice, the oldest first, and takes the residue off', () => {
    const of = open(12n, 6n);
    expect([10n, 5n, 5n].map((amount, i) => of.ofCharge(charge('abc'.charAt(i), amount), WHOLE))).toEqual([0n, 3n, 5n]);
    expect(of.ofResidue(ORG, 2n)).toBe(-2n);
  });

  test('refuses a file that says other than the invoice', () => {
    const of = open(0n, 9n);
    of.ofCharge(charge('a', 10n), WHOLE);
    expect(() => of.ofResidue(ORG, 2n)).toThrow(InvariantError);
    expect(() => open(0n, 1n).ofResidue(ORG, 0n)).toThrow(InvariantError);
  });

  test('is nothing of whoever is not on account, and all of it before the invoice', () => {
    const none = new Outstanding(new Map());
    expect(none.concerns([charge('a', 1n)])).toBe(false);
    expect([none.ofCharge(charge('a', 1n), WHOLE), none.ofResidue(ORG, 1n)]).toEqual([0n, 0n]);
    const before = open(0n, null);
    expect(before.concerns([charge('a', 1n)])).toBe(true);
    expect([before.ofCharge(charge('a', 1n), WHOLE), before.ofResidue(ORG, 1n)]).toEqual([1n, 0n]);
    expect(before.ofCharge(charge('a', 1n), NONE_OWED)).toBe(0n);
  });

  test('sums to what is asked for, wherever the page ends and whatever was settled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 1, maxLength: 30 }),
        fc.nat(100),
        fc.boolean(),
        (amounts, share, isResidueOwed) => {
          const used = amounts.reduce((sum, amount) => sum + amount, 0n);
          const settled = (used * BigInt(share)) / 100n;
          const residue = used - settled > 3n ? 3n : 0n;
          const asked = used - settled - (isResidueOwed ? residue : 0n);
          const of = open(settled, asked);
          const rows = amounts.map((amount) => of.ofCharge(charge('a', amount), WHOLE));
          expect(rows.every((row, i) => row >= 0n && row <= (amounts[i] ?? 0n))).toBe(true);
          const sum = rows.reduce((total, row) => total + row, 0n) + of.ofResidue(ORG, residue);
          expect(sum).toBe(asked);
        },
      ),
      { seed: 36 },
    );
  });
});

test('invoices of before say nothing of it, so that their files stay as they were', () => {
  expect(owingOf({})).toBeNull();
  expect(owingOf({ account: { owedUnits: '5', dueOn: '2026-12-02' } })).toBeNull();
  expect(owingOf({ account: { owedUnits: '5', dueOn: '2026-12-02', settledUnits: '2' } })).toEqual({
    settledUnits: 2n,
    askedUnits: 5n,
  });
});
