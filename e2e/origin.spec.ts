import { type Browser, expect, type Page, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { whileAltered } from './support/altering.ts';
import { Api, createApiKey, expectRefused } from './support/api.ts';
import { closeOldestMonth } from './support/finance.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });
test.describe.configure({ mode: 'serial' });

/** People of the demo market, with a history of usage. */
const DEMO_PASSWORD = 'kashi demo 2026';
const OWNER = 'owner@xingtu.example';
const ENGINEER = 'engineer@xingtu.example';

async function pageOf(browser: Browser, email: string, password?: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  await context.addCookies([{ name: 'kashi_locale', value: 'en', domain: hostname, path: '/' }]);
  const page = await context.newPage();
  await signIn(page, email, password);
  return page;
}

const pathOf = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
};
const table = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const openFirst = (page: Page, name: string) => table(page, name).locator('tbody').getByRole('link').first().click();
const allHold = (page: Page) => page.getByText(/^(All \d+ steps hold|The 1 step holds)$/);

let month = '';
let base = '';
let linePath = '';
let chargePath = '';
let journalPath = '';

test.beforeAll(() => {
  month = closeOldestMonth();
});

test('an invoice line is followed down to the evidence, and every step holds', async ({ browser }) => {
  const page = await pageOf(browser, OWNER, DEMO_PASSWORD);
  const complaints = watchConsole(page);
  await expect(page).toHaveURL(/\/console\/[^/]+$/);
  base = new URL(page.url()).pathname;
  await page.goto(`${base}/usage?month=${month}`);
  await page.getByRole('link', { name: /^Invoice KS-/ }).click();
  await page.getByRole('link', { name: 'Where from? line 1' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^KS-\d{4}-\d{6}, line 1$/ })).toBeVisible();
  await expect(allHold(page)).toBeVisible();
  await expect(page.getByText('Fen of this line, by largest remainder')).toBeVisible();
  linePath = pathOf(page);

  await openFirst(page, 'By day');
  await openFirst(page, 'By reservation');
  await openFirst(page, 'By hour');
  await expect(table(page, 'By card')).toBeVisible();
  await expect(table(page, 'By card').getByText('does not agree')).toHaveCount(0);
  await openFirst(page, 'By card');
  await expect(table(page, 'Evidence')).toBeVisible();
  await expect(allHold(page)).toBeVisible();
  await expect(page.getByText(/Published and in force/)).toBeVisible();
  chargePath = pathOf(page);

  await page.getByRole('link', { name: /^Journal \d+$/ }).click();
  await expect(page.getByRole('heading', { name: 'Why it was posted' })).toBeVisible();
  await expect(allHold(page)).toBeVisible();
  journalPath = pathOf(page);
  expect(complaints).toEqual([]);
});

test('a use of a card and an entry of the wallet say where they come from too', async ({ browser }) => {
  const page = await pageOf(browser, OWNER, DEMO_PASSWORD);
  await page.goto(chargePath.replace(/\/[^/]+$/, ''));
  await page
    .getByRole('link', { name: /^Where from\? / })
    .first()
    .click();
  await expect(table(page, 'Evidence')).toBeVisible();
  await page.goto(`${base}/wallet`);
  await page
    .getByRole('link', { name: /^Where from\? / })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: /^Where journal \d+ comes from$/ })).toBeVisible();
  await expect(page.getByText('does not hold')).toHaveCount(0);
});

test('finance follows a journal to its charges, and a charge to its invoice line', async ({ browser }) => {
  const page = await pageOf(browser, createStaff(['finance']));
  const id = /journals\/(\d+)/.exec(journalPath)?.[1] ?? '';
  await page.goto(`/finance/ledger/journals/${id}`);
  await page.getByRole('link', { name: `Where from? journal ${id}` }).click();
  await expect(allHold(page)).toBeVisible();
  await expect(page.getByText('The block agrees when worked out again')).toBeVisible();
  await openFirst(page, 'Charges of this journal');
  await expect(table(page, 'Evidence')).toBeVisible();
  await page.getByRole('link', { name: /^KS-\d{4}-\d{6}, line 1$/ }).click();
  await expect(allHold(page)).toBeVisible();
  await expect(page).toHaveURL(/\/finance\/invoices\/inv_[^/]+\/lines\/1$/);
});

test('altered records are shown as not holding', async ({ browser }) => {
  const page = await pageOf(browser, OWNER, DEMO_PASSWORD);
  const [hour = '', allocation = ''] = chargePath.split('/').slice(-2);
  const where = `allocation_id = '${allocation}' AND hour_at = '${hour}:00:00Z'`;
  await whileAltered({ table: 'usage_charge', set: 'amount_units = amount_units + 1', where }, async () => {
    await page.goto(chargePath);
    await expect(page.getByRole('alert').getByText('1 step does not hold')).toBeVisible();
    await expect(page.getByText(/^the record says ¥/)).toBeVisible();
    await page.goto(linePath);
    await expect(page.getByRole('alert').getByText('1 step does not hold')).toBeVisible();
  });
  await page.goto(linePath);
  await expect(allHold(page)).toBeVisible();
});

test('what is not the own is not there, and invoices are no matter of members', async ({ browser, page: stranger }) => {
  const { slug } = await signUp(stranger);
  const own = `/console/${slug}`;
  for (const path of [linePath, chargePath, journalPath])
    for (const each of [path, path.replace(base, own)])
      expect((await stranger.request.get(each)).status(), each).toBe(404);
  for (const path of ['/finance/charges/alc_x/2026-11-02T01', '/finance/ledger/journals/1/origin'])
    expect((await stranger.request.get(path)).status(), path).toBe(404);
  const member = await pageOf(browser, ENGINEER, DEMO_PASSWORD);
  expect((await member.request.get(linePath)).status()).toBe(403);
  expect((await member.request.get(chargePath)).status()).toBe(200);
  const owner = await pageOf(browser, OWNER, DEMO_PASSWORD);
  for (const path of [
    linePath.replace(/1$/, '99'),
    linePath.replace(/1$/, 'x'),
    chargePath.replace(/alc_.*/, 'alc_x'),
    `${chargePath}?revision=7`,
    `${base}/wallet/journals/0`,
    `${base}/wallet/journals/x`,
  ])
    expect((await owner.request.get(path)).status(), path).toBe(404);
});

test('a program reads the same, of its own organisation alone', async ({ browser }) => {
  const page = await pageOf(browser, OWNER, DEMO_PASSWORD);
  const home = base.split('/')[2] ?? '';
  const api = new Api(page.request, await createApiKey(page, home, 'billing'));
  type Parts = { holds: boolean; parts: { by: string; rows: { key: string; revision: number }[] } };
  const read = async <T>(at: string): Promise<T> => {
    const answer = await api.get(at);
    expect(answer.status(), at).toBe(200);
    return (await answer.json()) as T;
  };
  const { rows } = await read<{ rows: { id: string; month: string }[] }>('invoices');
  const invoice = rows.find((each) => each.month === month)?.id ?? '';
  const at = `invoices/${invoice}/lines/1`;
  const days = await read<Parts>(at);
  expect([days.holds, days.parts.by]).toEqual([true, 'day']);
  const day = days.parts.rows[0]?.key ?? '';
  const reservation = (await read<Parts>(`${at}?day=${day}`)).parts.rows[0]?.key ?? '';
  const hour = (await read<Parts>(`${at}?day=${day}&reservation=${reservation}`)).parts.rows[0]?.key ?? '';
  const card = (await read<Parts>(`${at}?reservation=${reservation}&hour=${hour}`)).parts.rows[0]?.key ?? '';
  const charge = await read<{ holds: boolean; journalId: string; evidence: unknown[] }>(`charges/${card}/${hour}`);
  expect(charge.holds).toBe(true);
  expect(charge.evidence.length).toBeGreaterThan(0);
  const journal = await read<{ holds: boolean; isWhole: boolean }>(`journals/${charge.journalId}`);
  expect([journal.holds, journal.isWhole]).toEqual([true, false]);

  const other = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug } = await signUp(other);
  const theirs = new Api(other.request, await createApiKey(other, slug, 'billing'));
  await expectRefused(await theirs.get(at), 404, 'invoiceLineUnknown');
  await expectRefused(await theirs.get(`charges/${card}/${hour}`), 404, 'chargeUnknown');
  await expectRefused(await theirs.get(`journals/${charge.journalId}`), 404, 'journalUnknown');
  await expectRefused(await api.get(`${at}?day=2020-01-01`), 404, 'invoiceLineUnknown');
  const member = new Api(page.request, await createApiKey(page, home, 'member'));
  await expectRefused(await member.get(at), 403, 'forbidden');
  expect((await member.get(`charges/${card}/${hour}`)).status()).toBe(200);
});

for (const look of LOOKS)
  test(`shows in ${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({
    browser,
  }) => {
    const owner = await pageOf(browser, OWNER, DEMO_PASSWORD);
    const storageState = await owner.context().storageState();
    const shots: readonly (readonly [string, string])[] = [
      ['line', linePath],
      ['charge', chargePath],
      ['journal', journalPath],
    ];
    await lookAt(browser, { look, session: storageState }, async (page) => {
      for (const [name, path] of shots) {
        await page.goto(path);
        await expectWellMade(page);
        const shotsDir = process.env['KASHI_E2E_SHOTS'];
        if (shotsDir) await page.screenshot({ path: `${shotsDir}/${name}-${look.locale}.png`, fullPage: true });
      }
      await page.goto(`${linePath}?day=2020-01-01`);
      await expectWellMade(page);
    });
    const staff = await pageOf(browser, createStaff(['auditor']));
    const id = /journals\/(\d+)/.exec(journalPath)?.[1] ?? '';
    await lookAt(browser, { look, session: await staff.context().storageState() }, async (page) => {
      await page.goto(`/finance/ledger/journals/${id}/origin`);
      await expectWellMade(page);
    });
  });
