import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { refusalText } from './refusal-text.ts';

test('numbers behind a refusal are shown in their units', () => {
  const untilAt = instant(Date.UTC(2026, 10, 21, 6));
  expect(refusalText('en', { code: 'signInPaused', untilAt } as { code: 'signInPaused' }).what).toContain(
    '2026-11-21 14:00',
  );
  const short = { code: 'passwordTooShort', charactersMin: 12 } as const;
  expect(refusalText('zh-CN', short)).toEqual({
    code: 'passwordTooShort',
    what: '密码太短。',
    safe: '没有任何改动。',
    todo: '请用至少12个字符。',
  });
});

test('an answer of the engine: amounts as text, an earliest start that may not be known', () => {
  const full = { code: 'capacityExhausted', needed: 8, free: 3 } as const;
  const earliestStartAt = Date.UTC(2026, 10, 21, 6);
  expect(refusalText('zh-CN', { ...full, earliestStartAt } as typeof full).todo).toContain(
    '最早可以从2026-11-21 14:00开始',
  );
  expect(refusalText('en', { ...full, earliestStartAt: null } as typeof full).todo).toBe(
    'Take fewer cards or another time.',
  );
  const poor = { code: 'fundsInsufficient', neededUnits: '128000000000', availableUnits: '5' } as const;
  expect(refusalText('en', poor).what).toBe('The wallet does not hold enough: ¥1,280.00 needed, ¥0.00 available.');
});
