import { expect, test } from 'vitest';
import { equation } from '#lib/billing/explain/equation.ts';
import { RULES } from '#lib/billing/explain/rules.ts';
import { messagesOf } from '#lib/i18n/messages.ts';
import { equationText } from './equation-text.ts';
import { figureText } from './figure-text.ts';

test('a step is written with its figures, exact to 1e-8 yuan', () => {
  const step = equation('chargedAfter', { price: 125_000_000_000n, weighted: 27_000_000n }, 937_500_000n);
  expect(equationText('en', step)).toEqual({
    name: 'Charge to date with this hour',
    calculation: 'price ¥12.5000 × to date 2,700 weighted s ÷ 3600, what lies below 1e-8 yuan dropped',
    result: '¥9.375',
    stated: '¥9.375',
  });
  expect(equationText('zh-CN', step).calculation).toBe(
    '单价¥12.5000 × 累计2,700加权秒 ÷ 3600，舍去不足一亿分之一元的部分',
  );
});

test('a step of altered data is written too', () => {
  const step = equation('earnedAfter', { termPrice: -5n, elapsed: 1n, term: 0n }, 7n);
  expect(equationText('en', step)).toMatchObject({ result: 'no result', stated: '¥0.00000007' });
  expect(figureText('en', 'price', -125_000_000_000n)).toBe('-¥12.5000');
  expect(figureText('en', 'bps', 8_050n)).toBe('80.5%');
});

test('every rule has a text in both languages that asks for nothing but its figures', () => {
  for (const locale of ['zh-CN', 'en'] as const) {
    const texts: Readonly<Record<string, { readonly text: string }>> = messagesOf(locale).origin.rule;
    expect(Object.keys(texts).sort()).toEqual(Object.keys(RULES).sort());
    for (const [name, { figures }] of Object.entries(RULES)) {
      const asked = [...(texts[name]?.text ?? '').matchAll(/\{(\w+)\}/g)].map(([, each]) => each);
      expect([name, asked.filter((each) => !(each !== undefined && each in figures))]).toEqual([name, []]);
    }
  }
});
