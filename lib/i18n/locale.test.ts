import { expect, test } from 'vitest';
import { chooseLocale } from './locale.ts';

test.each([
  [{}, 'zh-CN'],
  [{ cookie: 'en', profile: 'zh-CN', acceptLanguage: 'zh' }, 'en'],
  [{ cookie: 'fr', profile: 'en', acceptLanguage: 'zh' }, 'en'],
  [{ acceptLanguage: 'en-GB,en;q=0.9' }, 'en'],
  [{ acceptLanguage: 'fr,zh-TW;q=0.5,en;q=0.7' }, 'en'],
  [{ acceptLanguage: 'fr-FR, de;q=0.9' }, 'zh-CN'],
  [{ acceptLanguage: 'en;q=0, zh;q=0.1' }, 'zh-CN'],
  [{ acceptLanguage: ';;,q=,*' }, 'zh-CN'],
] as const)('%j is answered in %s', (wishes, expected) => expect(chooseLocale(wishes)).toBe(expected));
