import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { chargeFrom, covers, planBurn, returnFrom, sharesOf, voucherUnits } from './burn.ts';
import type { Paid, Tranche, TrancheMove, Voucher } from './types.ts';

const PAID: Paid = { siteId: 'sit_sg', modelId: 'zw810e', purchase: 'by-hour' };
const NOW = instant(1_000);
const ORG = idFrom('organisation', 'org_1');

const voucherArb = fc
  .record({
    n: fc.integer({ min: 1, max: 40 }),
    priority: fc.integer({ min: 1, max: 3 }),
    from: fc.integer({ min: 0, max: 2_000 }),
    length: fc.integer({ min: 1, max: 2_000 }),
    grantedAt: fc.integer({ min: 0, max: 3 }),
    left: fc.bigInt({ min: 0n, max: 1_000n }),
    siteIds: fc.subarray(['sit_sg', 'sit_gz']),
    modelIds: fc.subarray(['zw810e', 'm890']),
    purchases: fc.subarray(['by-hour', 'by-card'] as const),
  })
  .map(
    ({ n, priority, from, length, grantedAt, left, ...scope }): Voucher => ({
      grantId: idFrom('promoGrant', `prm_${n}`),
      organisationId: ORG,
      scope,
      priority,
      validFrom: instant(from),
      validUntil: instant(from + length),
      grantedAt: instant(grantedAt),
      leftUnits: units(left),
    }),
  );
const vouchersArb = fc.uniqueArray(voucherArb, { selector: ({ grantId }) => grantId, maxLength: 8 });

const spent = (vouchers: readonly Voucher[], shares: readonly { grant: string; amount: bigint }[]): Voucher[] =>
  vouchers.map((voucher) => ({
    ...voucher,
    leftUnits: units(voucher.leftUnits - (shares.find(({ grant }) => grant === voucher.grantId)?.amount ?? 0n)),
  }));

describe('a payment', () => {
  test('is the amount, and no voucher pays outside its scope and time or beyond its balance', () => {
    fc.assert(
      fc.property(vouchersArb, fc.bigInt({ min: 0n, max: 5_000n }), (vouchers, amount) => {
        const plan = planBurn(vouchers, PAID, units(amount), NOW);
        expect(voucherUnits(plan) + plan.cashUnits).toBe(amount);
        for (const share of plan.shares) {
          const voucher = vouchers.find(({ grantId }) => grantId === share.grant);
          expect(voucher && covers(voucher.scope, PAID)).toBe(true);
          expect(voucher && voucher.validFrom <= NOW && NOW < voucher.validUntil).toBe(true);
          expect(share.amount > 0n && share.amount <= (voucher?.leftUnits ?? 0n)).toBe(true);
        }
      }),
    );
  });

  test('takes cash only when every voucher that may pay is spent', () => {
    fc.assert(
      fc.property(vouchersArb, fc.bigInt({ min: 0n, max: 5_000n }), (vouchers, amount) => {
        const plan = planBurn(vouchers, PAID, units(amount), NOW);
        if (plan.cashUnits === 0n) return;
        expect(planBurn(spent(vouchers, plan.shares), PAID, units(1n), NOW).shares).toEqual([]);
      }),
    );
  });

  test('depends on no order in which vouchers are named: the order of burning is total', () => {
    fc.assert(
      fc.property(vouchersArb, fc.bigInt({ min: 0n, max: 5_000n }), (vouchers, amount) => {
        const plan = planBurn(vouchers, PAID, units(amount), NOW);
        expect(planBurn(vouchers.toReversed(), PAID, units(amount), NOW)).toEqual(plan);
      }),
    );
  });

  test('in two steps takes from each voucher what one step takes', () => {
    fc.assert(
      fc.property(
        vouchersArb,
        fc.bigInt({ min: 0n, max: 3_000n }),
        fc.bigInt({ min: 0n, max: 3_000n }),
        (vouchers, first, second) => {
          const whole = planBurn(vouchers, PAID, units(first + second), NOW);
          const one = planBurn(vouchers, PAID, units(first), NOW);
          const two = planBurn(spent(vouchers, one.shares), PAID, units(second), NOW);
          const sums = new Map<string, bigint>();
          for (const { grant, amount } of [...one.shares, ...two.shares])
            sums.set(grant, (sums.get(grant) ?? 0n) + amount);
          expect([...sums].sort()).toEqual(whole.shares.map(({ grant, amount }) => [grant, amount]).sort());
          expect(one.cashUnits + two.cashUnits).toBe(whole.cashUnits);
        },
      ),
    );
  });

  test('spends by priority, then the earlier expiry, then the earlier grant', () => {
    const base = { organisationId: ORG, scope: { siteIds: [], modelIds: [], purchases: [] }, validFrom: instant(0) };
    const make = (id: string, priority: number, until: number, grantedAt: number): Voucher => ({
      ...base,
      grantId: idFrom('promoGrant', `prm_${id}`),
      priority,
      validUntil: instant(until),
      grantedAt: instant(grantedAt),
      leftUnits: units(10n),
    });
    const vouchers = [
      make('late', 2, 5_000, 1),
      make('old', 1, 9_000, 1),
      make('new', 1, 9_000, 2),
      make('soon', 2, 4_000, 3),
    ];
    const plan = planBurn(vouchers, PAID, units(35n), NOW);
    expect(plan.shares.map(({ grant, amount }) => `${grant} ${amount}`)).toEqual([
      'prm_old 10',
      'prm_new 10',
      'prm_soon 10',
      'prm_late 5',
    ]);
  });
});

function set(
  tranches: readonly Tranche[],
  moves: readonly TrancheMove[],
  key: 'chargedUnits' | 'returnedUnits' | 'creditedUnits',
  sign = 1n,
) {
  return tranches.map((tranche) => {
    const sum = moves.filter(({ position }) => position === tranche.position).reduce((s, { amount }) => s + amount, 0n);
    return { ...tranche, [key]: units(tranche[key] + sign * sum) };
  });
}

const charge = (tranches: readonly Tranche[], amount: bigint): Tranche[] => {
  const { fromCredited, fromFree } = chargeFrom(tranches, units(amount));
  return set(set(tranches, [...fromCredited, ...fromFree], 'chargedUnits'), fromCredited, 'creditedUnits', -1n);
};
const giveBack = (tranches: readonly Tranche[], amount: bigint): Tranche[] =>
  set(tranches, returnFrom(tranches, units(amount)), 'returnedUnits');
const credit = (tranches: readonly Tranche[], amount: bigint): Tranche[] =>
  set(tranches, returnFrom(tranches, units(amount)), 'creditedUnits');

const tranchesArb = fc
  .array(fc.record({ amount: fc.bigInt({ min: 1n, max: 500n }), payer: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) =>
    parts.map(
      ({ amount, payer }, position): Tranche => ({
        position,
        grant: payer === 0 ? null : idFrom('promoGrant', `prm_${payer}`),
        placedUnits: units(amount),
        chargedUnits: units(0n),
        returnedUnits: units(0n),
        creditedUnits: units(0n),
      }),
    ),
  );
const totalOf = (tranches: readonly Tranche[]): bigint => tranches.reduce((sum, t) => sum + t.placedUnits, 0n);
const shareArb = fc.integer({ min: 0, max: 1_000 });
const part = (whole: bigint, perMille: number): bigint => (whole * BigInt(perMille)) / 1_000n;

describe('what is set aside', () => {
  test('is charged the same from every payer however use is split', () => {
    fc.assert(
      fc.property(tranchesArb, shareArb, shareArb, (tranches, a, b) => {
        const used = part(totalOf(tranches), a);
        const first = part(used, b);
        expect(charge(charge(tranches, first), used - first)).toEqual(charge(tranches, used));
      }),
    );
  });

  test('goes back the other way round: charging all but what returned leaves nothing over', () => {
    fc.assert(
      fc.property(tranchesArb, shareArb, shareArb, (tranches, a, b) => {
        const total = totalOf(tranches);
        const returned = part(total, a);
        const before = part(total - returned, b);
        const mixed = charge(giveBack(charge(tranches, before), returned), total - returned - before);
        expect(mixed).toEqual(giveBack(charge(tranches, total - returned), returned));
        for (const t of mixed) expect(t.chargedUnits + t.returnedUnits).toBe(t.placedUnits);
      }),
    );
  });

  test('is never given back twice: credits and returns together stay within what a payer paid', () => {
    fc.assert(
      fc.property(tranchesArb, shareArb, shareArb, shareArb, (tranches, a, b, c) => {
        const total = totalOf(tranches);
        const used = part(total, a);
        const credited = part(total - used, b);
        // Hours that are credited are charged as unused all the same; only others return.
        const returned = part(total - used - credited, c);
        const given = sharesOf(returnFrom(charge(tranches, used), units(credited)));
        const after = credit(charge(tranches, used), credited);
        const end = giveBack(charge(after, total - used - returned), returned);
        expect(charge(giveBack(after, returned), total - used - returned)).toEqual(end);
        for (const t of end) expect([t.chargedUnits + t.returnedUnits, t.creditedUnits]).toEqual([t.placedUnits, 0n]);
        const back = (grant: string): bigint =>
          (given.find((share) => share.grant === grant)?.amount ?? 0n) +
          end.filter((t) => t.grant === grant).reduce((sum, t) => sum + t.returnedUnits, 0n);
        for (const grant of new Set(tranches.flatMap((t) => t.grant ?? []))) {
          const paid = tranches.filter((t) => t.grant === grant).reduce((sum, t) => sum + t.placedUnits, 0n);
          expect(back(grant) <= paid).toBe(true);
        }
        const cash = (pick: (t: Tranche) => Units) =>
          end.filter((t) => t.grant === null).reduce((sum, t) => sum + pick(t), 0n);
        const cashCredited = credited - given.reduce((sum, { amount }) => sum + amount, 0n);
        expect(cash((t) => t.returnedUnits) + cashCredited <= cash((t) => t.placedUnits)).toBe(true);
      }),
    );
  });

  test('cannot be charged or returned beyond what it is', () => {
    const [tranches] = fc.sample(tranchesArb, { numRuns: 1, seed: 1 });
    if (!tranches) throw new Error('a sample');
    const beyond = units(totalOf(tranches) + 1n);
    expect(() => chargeFrom(tranches, beyond)).toThrow();
    expect(() => returnFrom(tranches, beyond)).toThrow();
  });
});
