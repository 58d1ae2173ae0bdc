import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fen, parseFen } from '#lib/core/money.ts';
import { rmbCapitals } from './rmb-capitals.ts';

const capitals = (yuan: string): string => rmbCapitals(parseFen(yuan) ?? fen(-1n));

describe('an amount in capitals', () => {
  test.each([
    ['0', '零元整'],
    ['0.01', '壹分'],
    ['0.10', '壹角整'],
    ['0.11', '壹角壹分'],
    ['1', '壹元整'],
    ['1.05', '壹元零伍分'],
    ['1.50', '壹元伍角整'],
    ['10', '壹拾元整'],
    ['16', '壹拾陆元整'],
    ['100', '壹佰元整'],
    ['101', '壹佰零壹元整'],
    ['110', '壹佰壹拾元整'],
    ['123.45', '壹佰贰拾叁元肆角伍分'],
    ['325.04', '叁佰贰拾伍元零肆分'],
    ['1001', '壹仟零壹元整'],
    ['1010', '壹仟零壹拾元整'],
    ['1409.50', '壹仟肆佰零玖元伍角整'],
    ['1680.32', '壹仟陆佰捌拾元叁角贰分'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['10000', '壹万元整'],
    ['10001', '壹万零壹元整'],
    ['10100', '壹万零壹佰元整'],
    ['11000', '壹万壹仟元整'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['107000.53', '壹拾万柒仟元伍角叁分'],
    ['1000000', '壹佰万元整'],
    ['10000005', '壹仟万零伍元整'],
    ['100000000', '壹亿元整'],
    ['100000001', '壹亿零壹元整'],
    ['100010000', '壹亿零壹万元整'],
    ['1000500000', '壹拾亿零伍拾万元整'],
    ['987654321.98', '玖亿捌仟柒佰陆拾伍万肆仟叁佰贰拾壹元玖角捌分'],
    ['1000000000000', '壹万亿元整'],
    ['1000000000001', '壹万亿零壹元整'],
    ['1234500000000', '壹万贰仟叁佰肆拾伍亿元整'],
  ])('%s yuan is 人民币%s', (yuan, text) => expect(capitals(yuan)).toBe(`人民币${text}`));

  test('below zero says so', () => expect(rmbCapitals(fen(-105n))).toBe('人民币负壹元零伍分'));

  test('more than can be said is refused', () => expect(() => rmbCapitals(fen(10n ** 18n))).toThrow());

  test('never has two zeros side by side, nor one before a unit, and says each amount differently', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const text = rmbCapitals(fen(a));
        expect(text).not.toMatch(/零零|零[拾佰仟万亿]|亿亿|万万/);
        if (a !== b) expect(text).not.toBe(rmbCapitals(fen(b)));
      }),
    );
  });
});
