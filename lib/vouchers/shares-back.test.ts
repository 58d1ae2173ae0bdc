import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import { type HourPayer, sharesBack } from './shares-back.ts';

const payer = (name: string, amount: bigint, isOver = false): HourPayer => ({
  grant: idFrom('promoGrant', name),
  amount: units(amount),
  isOver,
});
const backOf = (payers: readonly HourPayer[], charged: bigint, amount: bigint) =>
  sharesBack(payers, charged, amount).map((share) => [share.grant, share.amount]);

test('each voucher gets its part of the hour back, and the wallet the rest', () => {
  const payers = [payer('prm_a', 30n), payer('prm_b', 20n)];
  expect(backOf(payers, 100n, 10n)).toEqual([
    ['prm_a', 3n],
    ['prm_b', 2n],
  ]);
  expect(backOf(payers, 50n, 50n)).toEqual([
    ['prm_a', 30n],
    ['prm_b', 20n],
  ]);
});

test('what does not come out even goes to a voucher, and what belongs to one that is over to the wallet', () => {
  expect(backOf([payer('prm_a', 1n)], 3n, 1n)).toEqual([['prm_a', 1n]]);
  expect(backOf([payer('prm_a', 30n, true), payer('prm_b', 20n)], 100n, 10n)).toEqual([['prm_b', 2n]]);
  expect(backOf([], 100n, 10n)).toEqual([]);
});

test('no voucher gets more than it paid, all together no more than goes back, and all of it where vouchers paid all', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 12n });
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 5 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.nat(1_000),
      (paid, cash, part) => {
        const payers = paid.map((each, i) => payer(`prm_${i}`, each));
        const charged = paid.reduce((sum, each) => sum + each, cash);
        const back = (charged * BigInt(part)) / 1_000n;
        const shares = new Map(sharesBack(payers, charged, back).map((share) => [share.grant, share.amount]));
        let sum = 0n;
        for (const { grant, amount: most } of payers) {
          const own = shares.get(grant) ?? 0n;
          expect(own >= 0n && own <= most).toBe(true);
          sum += own;
        }
        expect(sum <= back).toBe(true);
        if (cash === 0n) expect(sum).toBe(back);
      },
    ),
    { seed: 45 },
  );
});
