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
