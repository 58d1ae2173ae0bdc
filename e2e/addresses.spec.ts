import { type Page, expect, test } from '@playwright/test';
import { createStaff, signIn, signUp } from './support/people.ts';

const RUBBISH = [
  'page=-1',
  'page=1e9&page=2',
  'page=99999999999999999999',
  'q=%00&tab=%F0%9F%92%A5',
  "q='%20OR%201=1--&q=twice",
  'month=2026-13&month=x',
  'month=9999-12',
  'state=toString&filter=__proto__',
  'cards=-8&hours=1e300&pool=nothing&day=x&hour=99&week=-5&term=never&topology=ring',
  'cards=8&cards=9&hours=2&hours=3&when=later&day=2026-02-31&hour=25',
  'before=x&before=y&at=nothing&pool=nothing&show=nothing&view=3d&holder=%25',
  `q=${'x'.repeat(3_000)}`,
];
const IDS = ['rsv_nothing', '%F0%9F%92%A5', "1'%20OR%20'1'='1", '..%2f..%2fetc', '0', '-1'];

/** The page answers with what it means, and never with a fault. */
async function expectNoFault(page: Page, path: string): Promise<void> {
  const response = await page.request.get(path, { maxRedirects: 5 });
  expect(response.status(), path).toBeLessThan(500);
}

async function tryAll(page: Page, lists: readonly string[], things: readonly string[]): Promise<void> {
  for (const list of lists) for (const query of RUBBISH) await expectNoFault(page, `${list}?${query}`);
  for (const thing of things) for (const id of IDS) await expectNoFault(page, thing.replace('ID', id));
}

test('no address of the customer’s console, however odd, is a fault', async ({ page }) => {
  const base = `/console/${(await signUp(page)).slug}`;
  const lists = ['', '/book', '/reservations', '/workloads', '/workloads/new', '/wallet', '/wallet/payments', '/usage'];
  const more = ['/invoices', '/members', '/api-keys', '/settings', '/usage/csv', '/projects', '/queue'];
  const things = [
    '/book/quote/ID',
    '/reservations/ID',
    '/reservations/ID/extend?hours=x',
    '/reservations/ID/release',
    '/reservations/ID/refund',
    '/workloads/ID',
    '/wallet/payments/ID',
    '/usage/ID',
    '/usage/ID/ID',
    '/invoices/ID',
    '/invoices/ID/pdf',
    '/invoices/ID/lines/1',
    '/invoices/inv_x/lines/ID?day=x',
    '/usage/rsv_x/2026-11-02T01/ID',
    '/usage/rsv_x/ID/alc_x',
    '/wallet/journals/ID',
    '/exports/ID/usage-csv',
    '/exports/2026-11/ID',
  ];
  await tryAll(
    page,
    [...lists, ...more].map((path) => base + path),
    things.map((path) => base + path),
  );
  await tryAll(page, ['/', '/console', '/sign-in', '/api/live', '/api/clock'], ['/console/ID', '/invitations/ID']);
});

test('no address of the operator’s consoles, however odd, is a fault', async ({ page }) => {
  await signIn(page, createStaff(['ops', 'finance']));
  const lists = [
    '',
    '/map',
    '/inventory',
    '/reservations',
    '/faults',
    '/clock',
    '/act',
    '/act?do=drain',
    '/maintenance',
    '/queue',
  ].map((path) => `/ops${path}`);
  const books = ['', '/transfers', '/transfers/import', '/periods', '/invoices', '/ledger', '/ledger/accounts'];
  const more = ['/ledger/journals', '/ledger/search', '/ledger/proofs'];
  const things = [
    '/ops/servers/ID',
    '/ops/servers/ID/ID',
    '/ops/cards/ID',
    '/ops/faults/ID',
    '/ops/reservations/ID',
    '/ops/act?do=cordon&target=ID',
    '/ops/maintenance/spares/ID?share=x',
  ];
  const papers = [
    'transfers/ID',
    'periods/ID',
    'periods/ID/usage.csv',
    'periods/ID/exports/focus-1.4',
    'invoices/ID',
    'invoices/ID/pdf',
  ];
  const ledger = ['ledger/accounts/ID', 'ledger/journals/ID', 'ledger/journals/ID/origin'];
  const origins = ['invoices/ID/lines/ID', 'invoices/ID/lines/1?day=ID', 'charges/ID/ID', 'charges/ID/2026-11-02T01'];
  await tryAll(
    page,
    [...lists, ...[...books, ...more].map((path) => `/finance${path}`)],
    [...things, ...[...papers, ...ledger, ...origins].map((path) => `/finance/${path}`)],
  );
});
