import { describe, expect, test } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { checkNewPassword } from './password-rules.ts';

const EMAIL = 'lin.ruoxi.shaoguan@moban.example';
const codeOf = (password: string) => {
  const checked = checkNewPassword(password, EMAIL);
  return checked.ok ? 'accepted' : checked.refusal.code;
};

describe('a new password', () => {
  test.each(['violet harbour 27', '山高水长风清月明夜未央人', 'correct-donkey-battery', '            x           '])(
    'may be %j',
    (password) => expect(codeOf(password)).toBe('accepted'),
  );

  test.each([
    ['elevenchars', 'passwordTooShort'],
    ['🙂🙂🙂🙂🙂🙂', 'passwordTooShort'],
    ['x'.repeat(64) + 'y'.repeat(65), 'passwordTooLong'],
    ['Password1234', 'passwordCommon'],
    ['QWERTYuiop123', 'passwordCommon'],
    ['aaaaaaaaaaaaa', 'passwordCommon'],
    ['abc1abc1abc1abc1', 'passwordCommon'],
    ['abcdefghijklmnop', 'passwordCommon'],
    ['zyxwvutsrqpon', 'passwordCommon'],
    [EMAIL, 'passwordCommon'],
    ['Lin.Ruoxi.Shaoguan', 'passwordCommon'],
    // Full-width letters are the same password.
    ['ｐａｓｓｗｏｒｄ１２３４', 'passwordCommon'],
  ])('%j is %s', (password, code) => expect(codeOf(password)).toBe(code));

  test('the common list holds what the length rule lets through', () => {
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(150);
    for (const word of COMMON_PASSWORDS) expect(codeOf(word)).toBe('passwordCommon');
  });
});
