import * as queueRefusals from './messages/refusals-queue.ts';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ArrearsRefusal } from '#lib/arrears/types.ts';
import type { LateEvidenceRefusal } from '#lib/billing/late-evidence-types.ts';
import type { CloseRefusal } from '#lib/billing/types.ts';
import type { AgreementRefusal } from '#lib/catalog/agreement-types.ts';
import type { WishRefusal } from '#lib/catalog/types.ts';
import type { DeviceRequestRefusal } from '#lib/devices/request-types.ts';
import type { ClockRefusal } from '#lib/engine/clock-move.ts';
import type { FapiaoRefusal } from '#lib/fapiao/types.ts';
import type { IdentityRefusal } from '#lib/identity/types.ts';
import type { CreditLineRefusal } from '#lib/ledger/credit-line-types.ts';
import type { LedgerRefusal } from '#lib/ledger/types.ts';
import type { RefundRefusal } from '#lib/payments/refund-types.ts';
import type { PaymentRefusal } from '#lib/payments/types.ts';
import type { IncidentRefusal } from '#lib/inventory/incident-types.ts';
import type { ActRefusal } from '#lib/reservations/acting-on-cards.ts';
import type { ReservationRefusal } from '#lib/reservations/command-types.ts';
import type { WorkloadRefusal } from '#lib/workloads/types.ts';
import { messagesOf } from './messages.ts';
import type { RefusalCode } from './messages/refusals.ts';
import { translator } from './translator.ts';

type ModuleRefusal =
  | IdentityRefusal
  | LedgerRefusal
  | CreditLineRefusal
  | WishRefusal
  | ReservationRefusal
  | WorkloadRefusal
  | PaymentRefusal
  | RefundRefusal
  | AgreementRefusal
  | ArrearsRefusal
  | FapiaoRefusal
  | CloseRefusal
  | LateEvidenceRefusal
  | ActRefusal
  | IncidentRefusal
  | DeviceRequestRefusal
  | ClockRefusal;

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' ? [[here, value]] : flatten(value, here);
  });
}

const zh = new Map(flatten(messagesOf('zh-CN')));
const en = new Map(flatten(messagesOf('en')));
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort();

/** Words of the glossary, and what people write instead when they forget it. */
const NOT_OUR_WORDS_ZH = [
  '预定',
  '预约',
  '租用',
  '订单',
  '任务',
  '显卡',
  'GPU',
  '帐单',
  '帐户',
  '结点',
  '节点',
  '卡小时',
  '发票抬头',
  '登陆',
];
/** A job is what waits in the queue; what runs on a reservation is a workload, whoever put it there. */
const A_JOB = /\bjobs?\b/i;
const QUEUE_KEYS = new RegExp(
  `^queue\\.|\\.(askedToLeave|jobDone)$|^refusals\\.(${Object.keys(queueRefusals.zh).join('|')})\\.`,
);
const NOT_OUR_WORDS_EN = [
  /\bbooking/i,
  /\bbill\b/i,
  A_JOB,
  /\bGPUs?\b/,
  /\bnodes?\b/i,
  /\blog ?in\b/i,
  /\borders?\b/i,
  /card hours?/i,
];

describe('the two catalogues', () => {
  test('have the same keys', () => expect([...en.keys()].sort()).toEqual([...zh.keys()].sort()));

  test('have the same placeholders', () => {
    for (const [key, text] of zh) expect([key, placeholders(en.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  });

  test('have no empty text', () => {
    for (const [key, text] of [...zh, ...en]) expect([key, text.trim() === '']).toEqual([key, false]);
  });

  test('keep to the glossary', () => {
    for (const [key, text] of zh)
      expect([key, NOT_OUR_WORDS_ZH.filter((word) => text.replaceAll('超节点', '').includes(word))]).toEqual([key, []]);
    for (const [key, text] of en) {
      const words = NOT_OUR_WORDS_EN.filter((word) => word.test(text) && !(word === A_JOB && QUEUE_KEYS.test(key)));
      expect([key, words]).toEqual([key, []]);
    }
  });

  test('no Chinese in English, but for the names of the product and the languages', () => {
    const named = ['common.language.zh-CN', 'common.language.other', 'landing.lead', 'landing.footer'];
    const chinese = [...en].filter(([, text]) => /\p{Script=Han}/u.test(text)).map(([key]) => key);
    expect(chinese.filter((key) => !named.includes(key))).toEqual([]);
  });

  test('Chinese has no spaces between Han and Latin: the browser sets them (text-autospace)', () => {
    const spaced = [...zh].filter(([, text]) => /\p{Script=Han} [A-Za-z0-9{]|[A-Za-z0-9}] \p{Script=Han}/u.test(text));
    expect(spaced).toEqual([]);
  });

  test('every text can be formatted', () => {
    const values = new Proxy({}, { get: () => 3, has: () => true, ownKeys: () => [] });
    for (const locale of ['zh-CN', 'en'] as const) {
      for (const key of zh.keys()) {
        const [namespace = '', ...rest] = key.split('.');
        const t: unknown = translator(locale, namespace as 'common');
        expect(
          typeof (t as (key: string, values: object) => string)(rest.join('.'), { ...values, ...sample(key) }),
        ).toBe('string');
      }
    }
    function sample(key: string): Record<string, string | number> {
      const text = `${zh.get(key)} ${en.get(key)}`;
      return Object.fromEntries(
        placeholders(text).map((name) => [name, new RegExp(`\\{${name}, `).test(text) ? 3 : 'x']),
      );
    }
  });
});

test('every message file is part of the catalogue', () => {
  const files = readdirSync(new URL('./messages', import.meta.url)).map((name) => name.replace('.ts', ''));
  const namespaces = Object.keys(messagesOf('en'));
  expect(files.filter((name) => !/^(refusals|queue|origin)-/.test(name)).sort()).toEqual(namespaces.sort());
});

test('every refusal says what happened, what is safe and what to do', () => {
  // A refusal of a module without a text fails to compile here.
  const explained: Readonly<Record<ModuleRefusal['code'], unknown>> = messagesOf('en').refusals;
  const codes = Object.keys(explained) as RefusalCode[];
  for (const code of codes) expect(Object.keys(messagesOf('en').refusals[code])).toEqual(['what', 'safe', 'todo']);
});
