import { createHash } from 'node:crypto';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { parseDecimal } from '#lib/core/money.ts';
import { watchConsole } from './support/checks.ts';
import { closeOldestMonth, matchTransfer } from './support/finance.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });

/** People of the demo market, with a history of usage. */
const DEMO_PASSWORD = 'kashi demo 2026';
const OWNER = 'owner@xingtu.example';
const ENGINEER = 'engineer@xingtu.example';

/** An amount as the page shows it, in 1e-8 yuan: `-¥1,234.50000001`. */
function unitsOf(text: string): bigint {
  const match = /([+-]?)¥([\d,]+\.\d+)/.exec(text);
  const value = parseDecimal((match?.[2] ?? '').replaceAll(',', ''), 8);
  if (value === null) throw new Error(`no amount in ${JSON.stringify(text)}`);
  return match?.[1] === '-' ? -value : value;
}

/** An exact decimal of a file in 1e-8 yuan. */
function billedOf(text: string): bigint {
  const size = parseDecimal(text.replace(/^-/, ''), 8);
  if (size === null) throw new Error(`no amount in ${JSON.stringify(text)}`);
  return text.startsWith('-') ? -size : size;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

/** The cells of a column of a table, by the column's heading. */
async function columnOf(page: Page, table: string, heading: string): Promise<string[]> {
  const region = page.getByRole('region', { name: table, exact: true });
  const index = (await region.getByRole('columnheader').allTextContents()).indexOf(heading);
  return region
    .locator('tbody tr')
    .locator(`td:nth-child(${index + 1})`)
    .allTextContents();
}

/** A window in a language, whatever the person's profile says. */
async function windowOf(browser: Browser, locale: 'en' | 'zh-CN' = 'en'): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  await context.addCookies([{ name: 'kashi_locale', value: locale, domain: hostname, path: '/' }]);
  return context.newPage();
}

/** Signs a person of the demo in; answers the page and the address of their organisation. */
async function demoWindow(browser: Browser, email: string): Promise<{ page: Page; base: string }> {
  const page = await windowOf(browser);
  await signIn(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/console\/[^/]+$/);
  return { page, base: new URL(page.url()).pathname };
}

/** The wallet's exact balance. */
async function balanceOf(page: Page, base: string): Promise<bigint> {
  await page.goto(`${base}/wallet`);
  return unitsOf(await textOf(page.getByText(/^Exactly ¥/)));
}

async function announce(page: Page, base: string, yuan: string): Promise<string> {
  await page.goto(`${base}/wallet/top-up`);
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Get remittance code' }) });
  await form.getByLabel('Amount (yuan)').fill(yuan);
  await form.getByRole('button').click();
  await expect(page).toHaveURL(/\/wallet\/payments\/pay_/);
  return textOf(page.locator('figure code'));
}

test.describe('a top-up', () => {
  test('by bank transfer shows a code, and is credited when finance has matched what arrived', async ({ page }) => {
    const complaints = watchConsole(page);
    const { slug } = await signUp(page);
    const base = `/console/${slug}`;
    expect(await balanceOf(page, base)).toBe(0n);
    const code = await announce(page, base, '1,234.50');
    expect(code).toMatch(/^KS-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const payment = page.url();
    await expect(page.getByText('Transfer ¥1,234.50 from your company account')).toBeVisible();
    await expect(page.getByText('An example account of the demo')).toBeVisible();
    expect(await balanceOf(page, base)).toBe(0n);
    await expect(page.getByText('1 transfer has not arrived yet: ¥1,234.50 in all.')).toBeVisible();

    matchTransfer(code, '1200');
    await page.goto(payment);
    await expect(page.getByText('¥1,200.00 is in the wallet.')).toBeVisible();
    await expect(page.getByText('instead of the announced ¥1,234.50')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Withdraw this transfer' })).toHaveCount(0);
    expect(await balanceOf(page, base)).toBe(120_000_000_000n);
    const row = page.getByRole('row', { name: /Bank transfer arrived/ });
    await expect(row).toContainText('+¥1,200.00');
    await row.getByRole('link', { name: 'Top-up' }).click();
    await expect(page).toHaveURL(payment);
    expect(complaints).toEqual([]);
  });

  test('that was announced by mistake is withdrawn, and nothing changes', async ({ page }) => {
    const { slug } = await signUp(page);
    const base = `/console/${slug}`;
    const code = await announce(page, base, '0.01');
    await page.getByRole('button', { name: 'Withdraw this transfer' }).click();
    await expect(page.getByRole('dialog')).toContainText(code);
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw transfer' }).click();
    await expect(page.getByText('This top-up was withdrawn.')).toBeVisible();
    await page.goto(`${base}/wallet/payments`);
    await expect(page.getByRole('row', { name: /Withdrawn/ })).toContainText(code);
    expect(await balanceOf(page, base)).toBe(0n);
  });

  test('of an impossible amount is refused in words and keeps what was typed', async ({ page }) => {
    const { slug } = await signUp(page);
    const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Get remittance code' }) });
    for (const amount of ['0', '-5', '1.005', '1e9', 'ten', '100000000.01']) {
      // A page of its own each, so that no alert is taken for the next one's.
      await page.goto(`/console/${slug}/wallet/top-up`);
      await form.getByLabel('Amount (yuan)').fill(amount);
      await form.getByRole('button').click();
      await expect(form.getByRole('alert')).toContainText('between ¥0.01 and ¥100,000,000.00');
      await expect(form.getByLabel('Amount (yuan)')).toHaveValue(amount);
    }
    await page.goto(`/console/${slug}/wallet/payments`);
    await expect(page.getByText('No top-up yet')).toBeVisible();
  });

  test('in the sandbox says that it is play money, works without JavaScript, and arrives at once', async ({
    browser,
  }) => {
    const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false });
    const page = await context.newPage();
    const { slug } = await signUp(page);
    await page.goto(`/console/${slug}/wallet/top-up`);
    await expect(page.getByText('Play money for the demo')).toBeVisible();
    const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Add play money' }) });
    await form.getByLabel('Amount (yuan)').fill('88.88');
    await form.getByRole('button').click();
    await expect(page.getByText('¥88.88 is in the wallet.')).toBeVisible();
    await expect(page.getByText('Sandbox (play money)')).toBeVisible();
    expect(await balanceOf(page, `/console/${slug}`)).toBe(8_888_000_000n);
  });
});

test('a statement sums to the balance, entry by entry, over all its pages', async ({ browser }) => {
  const { page, base } = await demoWindow(browser, OWNER);
  const balance = await balanceOf(page, base);
  const [changes, after]: [bigint[], bigint[]] = [[], []];
  for (let isMore = true; isMore; ) {
    changes.push(...(await columnOf(page, 'Statement', 'Change')).map(unitsOf));
    after.push(...(await columnOf(page, 'Statement', 'Balance after')).map(unitsOf));
    const older = page.getByRole('link', { name: 'Older' });
    isMore = (await older.count()) > 0;
    if (isMore) {
      const address = (await older.getAttribute('href')) ?? '';
      await page.goto(address);
    }
  }
  expect(sum(changes)).toBe(balance);
  expect(after[0]).toBe(balance);
  for (const [i, amount] of after.entries()) expect(amount - (changes[i] ?? 0n)).toBe(after[i + 1] ?? 0n);
});

test.describe('a closed month', () => {
  test.describe.configure({ mode: 'serial' });
  let month = '';
  let usageUnits = 0n;
  let invoicePath = '';

  test.beforeAll(() => {
    month = closeOldestMonth();
  });

  test('has an invoice that its usage sums to, down to the cards of an hour', async ({ browser }) => {
    const { page, base } = await demoWindow(browser, OWNER);
    await page.goto(`${base}/usage?month=${month}`);
    usageUnits = unitsOf(await textOf(page.getByText(/^Incl. tax, exactly ¥/)));
    expect(sum((await columnOf(page, 'By reservation', 'Amount')).map(unitsOf))).toBe(usageUnits);

    await page.getByRole('link', { name: /^Invoice KS-/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^KS-\d{4}-\d{6}$/);
    invoicePath = new URL(page.url()).pathname;
    await expect(page.getByText('As issued', { exact: true })).toBeVisible();
    const sums = page.getByRole('heading', { name: 'How the amount came about' }).locator('xpath=ancestor::section');
    const [usage = 0n, residue = 0n, total = 1n] = (await sums.locator('dd').allTextContents()).map(unitsOf);
    expect(usage).toBe(usageUnits);
    expect(usage + residue).toBe(total);
    expect(total % 1_000_000n).toBe(0n);

    await page.goto(`${base}/usage?month=${month}`);
    const reservation = page.getByRole('region', { name: 'By reservation' }).locator('tbody tr').first();
    const amount = unitsOf(await textOf(reservation.locator('td').last()));
    await reservation.getByRole('link').click();
    await expect(page.getByRole('heading', { name: 'Hour by hour' })).toBeVisible();
    expect(unitsOf(await textOf(page.getByText(/^Incl. tax, exactly ¥/)))).toBe(amount);
    const hour = page.getByRole('region', { name: 'Hour by hour' }).locator('tbody tr').first();
    const hourUnits = unitsOf(await textOf(hour.locator('td').last()));
    await hour.getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: /^Every card in / })).toBeVisible();
    expect(unitsOf(await textOf(page.getByText(/^Incl. tax, exactly ¥/)))).toBe(hourUnits);
    await expect(page.getByRole('heading', { name: 'How it is calculated' })).toBeVisible();
  });

  test('downloads its usage as CSV that sums to the invoice to the last unit', async ({ browser }) => {
    const { page, base } = await demoWindow(browser, OWNER);
    await page.goto(`${base}/usage?month=${month}`);
    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: `Download CSV: usage of ${month}` }).click();
    expect((await arriving).suggestedFilename()).toBe(`kashi-usage-${month}.csv`);
    const answer = await page.request.get(`${base}/usage/csv?month=${month}`);
    expect(answer.headers()).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'private, no-store',
    });
    const rows: Record<string, string>[] = parse(await answer.text(), { bom: true, columns: true });
    expect(sum(rows.map((row) => parseDecimal(row['amount_yuan'] ?? '', 8) ?? -1n))).toBe(usageUnits);
    expect(new Set(rows.map((row) => row['month']))).toEqual(new Set([month]));
  });

  test('prints its invoice as the same PDF every time, to the customer and to finance', async ({ browser }) => {
    const { page } = await demoWindow(browser, OWNER);
    const finance = await windowOf(browser);
    await signIn(finance, createStaff(['finance']));
    const id = invoicePath.split('/').at(-1) ?? '';
    const answers = [
      await page.request.get(`${invoicePath}/pdf`),
      await page.request.get(`${invoicePath}/pdf`),
      await finance.request.get(`/finance/invoices/${id}/pdf`),
    ];
    const bodies = await Promise.all(answers.map((answer) => answer.body()));
    expect(bodies[0]?.subarray(0, 5).toString()).toBe('%PDF-');
    expect(new Set(bodies.map((body) => createHash('sha256').update(body).digest('hex'))).size).toBe(1);
    expect(answers[0]?.headers()['content-disposition']).toMatch(
      /^attachment; filename="kashi-invoice-KS-\d{4}-\d{6}\.pdf"$/,
    );
    const everybody = await finance.request.get(`/finance/periods/${month}/usage.csv`);
    expect(everybody.headers()['content-disposition']).toContain(`kashi-usage-${month}-all.csv`);
    expect((await everybody.text()).split('\r\n').length).toBeGreaterThan(2);
  });

  test('gives every file there is of it, each the same again, with its hash on the page', async ({ browser }) => {
    const { page, base } = await demoWindow(browser, OWNER);
    await page.goto(invoicePath);
    const files = page.getByRole('region', { name: 'Files of the month', exact: true });
    const links = files.getByRole('link', { name: /^Download: / });
    await expect(links).toHaveCount(10);
    const hashes = new Map<string, string>();
    for (const link of await links.all()) {
      const href = (await link.getAttribute('href')) ?? '';
      const [first, again] = [await page.request.get(href), await page.request.get(href)];
      expect(first.status(), href).toBe(200);
      const [hash, second] = [sha256(await first.body()), sha256(await again.body())];
      expect(second, href).toBe(hash);
      hashes.set(href.split('/').at(-1) ?? '', hash);
    }
    const arriving = page.waitForEvent('download');
    await files.getByRole('link', { name: 'Download: Usage Excel, with control sheet' }).click();
    expect((await arriving).suggestedFilename()).toBe(`kashi-usage-${month}.xlsx`);
    await page.reload();
    for (const hash of hashes.values()) await expect(files.getByText(hash)).toBeVisible();

    const id = invoicePath.split('/').at(-1) ?? '';
    const finance = await windowOf(browser);
    await signIn(finance, createStaff(['finance']));
    await finance.goto(`/finance/invoices/${id}`);
    const theirs = finance.getByRole('link', { name: 'Download: FOCUS 1.4 Cost and Usage' });
    const body = await (await finance.request.get((await theirs.getAttribute('href')) ?? '')).body();
    expect(sha256(body)).toBe(hashes.get('focus-1.4'));
    const rows: Record<string, string>[] = parse(body.toString('utf8'), { columns: true });
    const billed = rows.filter((row) => row['InvoiceId'] !== '').map((row) => billedOf(row['BilledCost'] ?? ''));
    const sums = page.getByRole('heading', { name: 'How the amount came about' }).locator('xpath=ancestor::section');
    const asked = unitsOf(await textOf(sums.locator('dd').last()));
    expect(sum(billed)).toBe(asked);
    const everybody = await finance.request.get(`/finance/periods/${month}/exports/usage-xlsx`);
    expect((await everybody.body()).subarray(0, 2).toString()).toBe('PK');
    expect((await page.request.get(`${base}/exports/${month}/nothing`)).status()).toBe(404);
    expect((await page.request.get(`${base}/exports/2026-13/usage-xlsx`)).status()).toBe(404);
  });

  test('is not there for others, and its invoices not for members', async ({ browser, page: stranger }) => {
    const { slug } = await signUp(stranger);
    const own = `/console/${slug}`;
    const id = invoicePath.split('/').at(-1) ?? '';
    for (const path of [
      invoicePath,
      `${invoicePath}/pdf`,
      `${own}/invoices/${id}`,
      `${own}/invoices/${id}/pdf`,
      `${own}/invoices/inv_nothing/pdf`,
      `${own}/usage/csv?month=2026-13`,
      `${own}/exports/${month}/invoice-pdf`,
      `${invoicePath.replace(/\/invoices\/.*/, '')}/exports/${month}/focus-1.4`,
      `${own}/usage?month=x`,
      `${own}/usage/rsv_nothing`,
      `${own}/wallet/payments/pay_nothing`,
      `/finance/invoices/${id}/pdf`,
      `/finance/periods/${month}/usage.csv`,
      `/finance/periods/${month}/exports/focus-1.4`,
    ])
      expect((await stranger.request.get(path)).status(), path).toBe(404);
    const { page: member, base } = await demoWindow(browser, ENGINEER);
    const papers = [`${invoicePath}/pdf`, `${base}/exports/${month}/focus-1.4`, `${base}/exports/${month}/usage-xlsx`];
    for (const path of [`${base}/invoices`, invoicePath, ...papers, `${base}/wallet/top-up`])
      expect((await member.request.get(path)).status(), path).toBe(403);
    await member.goto(`${base}/wallet`);
    await expect(member.getByText('Owners and admins top up.')).toBeVisible();
    await expect(member.getByRole('link', { name: 'Top up', exact: true })).toHaveCount(0);
  });

  for (const look of LOOKS)
    test(`shows in ${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({
      browser,
    }) => {
      const { page: owner, base } = await demoWindow(browser, OWNER);
      await owner.goto(`${base}/wallet/payments`);
      const payment = await owner.getByRole('row').getByRole('link').last().getAttribute('href');
      await owner.goto(`${base}/usage?month=${month}`);
      const region = owner.getByRole('region', { name: 'By reservation' });
      const reservation = (await region.getByRole('link').first().getAttribute('href')) ?? '';
      await owner.goto(reservation);
      const hour = await owner
        .getByRole('region', { name: 'Hour by hour' })
        .getByRole('link')
        .first()
        .getAttribute('href');
      const storageState = await owner.context().storageState();
      const pages = [
        `${base}/wallet`,
        `${base}/wallet/top-up`,
        `${base}/wallet/payments`,
        payment ?? '',
        `${base}/usage`,
        `${base}/usage?month=${month}`,
        reservation,
        hour ?? '',
        `${base}/invoices`,
        invoicePath,
      ];
      await lookAt(browser, { look, session: storageState }, pages);
    });
});
