import { type Browser, expect, type Page, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { watchConsole } from './support/checks.ts';
import { closeOldestMonth } from './support/finance.ts';
import { expectWellMade, LOOKS, lookAt, type Session } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });
// The journeys share the invoices of one customer of the demo.
test.describe.configure({ mode: 'serial' });

const DEMO_PASSWORD = 'kashi demo 2026';
const OWNER = 'owner@xingtu.example';
const BEIJING_MS = 8 * 3_600_000;

let customer: Session | undefined;
let finance: Session | undefined;
let base = '';

async function sessionOf(
  browser: Browser,
  email: string,
  password?: string,
): Promise<{ state: Session; path: string }> {
  const context = await browser.newContext({ locale: 'en-GB' });
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  await context.addCookies([{ name: 'kashi_locale', value: 'en', domain: hostname, path: '/' }]);
  const page = await context.newPage();
  await signIn(page, email, password);
  await expect(page).toHaveURL(/\/console\/[^/]+$|\/finance$|\/ops$/);
  const [state, path] = [await context.storageState(), new URL(page.url()).pathname];
  await context.close();
  return { state, path };
}

test.beforeAll(async ({ browser }) => {
  closeOldestMonth();
  const [owner, staff] = [
    await sessionOf(browser, OWNER, DEMO_PASSWORD),
    await sessionOf(browser, createStaff(['finance'])),
  ];
  [customer, finance, base] = [owner.state, staff.state, `${owner.path}/fapiao`];
});

const windowOf = async (browser: Browser, session: Session | undefined): Promise<Page> =>
  (await browser.newContext({ locale: 'en-GB', ...(session && { storageState: session }) })).newPage();

/** The part of a page under a heading. */
const panelOf = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true, level: 2 }) });

let numbers = 0;
/** A 20-digit number that no other has. */
function freshNumber(): string {
  numbers += 1;
  return `26442000000000${`${numbers}`.padStart(5, '0')}7`;
}

/** Today in Beijing, by the market's clock. */
async function today(page: Page): Promise<string> {
  const { now } = (await (await page.request.get('/api/health')).json()) as { now: string };
  return new Date(Date.parse(now) + BEIJING_MS).toISOString().slice(0, 10);
}

/** Adds a title through its dialog. */
async function addTitle(page: Page, name: string, taxId: string): Promise<void> {
  await page.goto(`${base}/titles`);
  await page.getByRole('button', { name: 'Add title' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Unified social credit code').fill(taxId);
  await dialog.getByRole('button', { name: 'Save title' }).click();
}

/** Asks for a fapiao; answers its sales number. */
async function request(page: Page, title: string, yuan: string): Promise<string> {
  await page.goto(`${base}/new`);
  await page.getByLabel('Title').selectOption({ label: `${title} · Ordinary fapiao` });
  await page.getByLabel('Amount (yuan)').fill(yuan);
  await page.getByRole('button', { name: 'Request', exact: true }).click();
  await expect(page).toHaveURL(/\/fapiao\/fap_/);
  return (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
}

type Row = Record<string, string>;

/** Makes a batch and reads its file. */
async function takeBatch(page: Page): Promise<Row[]> {
  await page.goto('/finance/fapiao');
  const links = page.getByRole('link', { name: /^Download the batch of/ });
  const before = await links.count();
  await page.getByRole('button', { name: /^Make a batch of/ }).click();
  await expect(links).toHaveCount(before + 1);
  const href = await links.first().getAttribute('href');
  const file = await page.request.get(href ?? '');
  expect(file.headers()['content-disposition']).toContain('attachment');
  return parse(await file.text(), { bom: true, columns: true });
}

/** Fills a batch in and writes it as the file of results. */
function filled(rows: readonly Row[], fill: (row: Row) => Row): string {
  const all = rows.map((row) => ({ ...row, ...fill(row) }));
  const names = Object.keys(all[0] ?? {});
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return [names, ...all.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\r\n');
}

async function upload(page: Page, file: string): Promise<void> {
  await page.goto('/finance/fapiao/import');
  await page
    .getByLabel('CSV file')
    .setInputFiles({ name: 'results.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('Nothing is taken over yet')).toBeVisible();
}

test('a title is kept in one form, and a wrong code is refused with what is wrong about it', async ({ browser }) => {
  const page = await windowOf(browser, customer);
  const complaints = watchConsole(page);
  await addTitle(page, '星图智能科技有限公司', '9144030070846113O');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('it has 18 characters');
  await expect(dialog.getByLabel('Name')).toHaveValue('星图智能科技有限公司');
  await dialog.getByLabel('Unified social credit code').fill('91440300708461137T');
  await dialog.getByRole('button', { name: 'Save title' }).click();
  await expect(dialog.getByRole('alert')).toContainText('positions 9 to 17');
  await dialog.getByLabel('Unified social credit code').fill(' ９１440300 708461136t');
  await dialog.getByRole('button', { name: 'Save title' }).click();
  await expect(dialog).toHaveCount(0);
  const row = page.getByRole('row').filter({ hasText: '星图智能科技有限公司' });
  await expect(row).toContainText('91440300708461136T');
  await expect(row).toContainText('Default');
  expect(complaints).toEqual([]);
});

test('a customer asks, finance exchanges a file, the customer has the number; the same file again changes nothing', async ({
  browser,
}) => {
  const [page, staff] = [await windowOf(browser, customer), await windowOf(browser, finance)];
  const complaints = [watchConsole(page), watchConsole(staff)];
  await page.goto(`${base}/new`);
  await page.getByLabel('Amount (yuan)').fill('99999999');
  await page.getByRole('button', { name: 'Request', exact: true }).click();
  await expect(page.locator('main').getByRole('alert')).toContainText('The chosen invoices have');
  const salesNumber = await request(page, '星图智能科技有限公司', '128.50');
  await expect(page.getByText('Finance hands it to the tax bureau’s system')).toBeVisible();

  const rows = await takeBatch(staff);
  const mine = rows.filter((row) => row['销售单号'] === salesNumber);
  expect(mine[0]).toMatchObject({ 购方名称: '星图智能科技有限公司', 价税合计: '128.50', 税率: '0.0600' });
  const [number, date] = [freshNumber(), await today(staff)];
  const wrong = filled(mine, () => ({ 数电票号码: number, 开票日期: date, 价税合计: '128.49' }));
  await upload(staff, wrong);
  await expect(staff.getByText('The total should be ¥128.50')).toBeVisible();
  await expect(staff.getByText('There is no new result to take over.')).toBeVisible();

  const file = filled(mine, () => ({ 数电票号码: number, 开票日期: date }));
  await upload(staff, file);
  await staff.getByRole('button', { name: 'Take over 1' }).click();
  await expect(staff.getByText('The results of 1 fapiao are taken over.')).toBeVisible();
  await upload(staff, file);
  await expect(staff.getByText('Known, left alone').first()).toBeVisible();
  await expect(staff.getByText('There is no new result to take over.')).toBeVisible();

  await staff.getByRole('link', { name: salesNumber }).first().click();
  await staff
    .getByLabel('Add a document')
    .setInputFiles({ name: 'f.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 fapiao') });
  await staff.getByRole('button', { name: 'Save document' }).click();
  await expect(staff.getByText('The document is saved.')).toBeVisible();

  await page.reload();
  await expect(page.getByText(number).first()).toBeVisible();
  const history = panelOf(page, 'History');
  await expect(history.getByRole('listitem')).toHaveCount(3);
  const pdf = await page.request.get(
    (await page.getByRole('link', { name: 'Download PDF' }).getAttribute('href')) ?? '',
  );
  expect((await pdf.body()).toString()).toBe('%PDF-1.7 fapiao');
  expect(complaints).toEqual([[], []]);
});

test('an issued one is taken back in part: red letter, file, and the amount is available again', async ({
  browser,
}) => {
  const [page, staff] = [await windowOf(browser, customer), await windowOf(browser, finance)];
  await page.goto(`${base}?page=1`);
  const available = page.locator('dl > div').filter({ hasText: 'Available' }).locator('dd').first();
  const before = await available.textContent();
  await page.getByRole('row').filter({ hasText: '¥128.50' }).getByRole('link').click();
  await page.getByRole('button', { name: 'Request red fapiao' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount (yuan)').fill('128.51');
  await dialog.getByLabel('Reason').fill('wrong amount');
  await dialog.getByRole('button', { name: 'Request red fapiao' }).click();
  await expect(dialog.getByRole('alert')).toContainText('¥128.50 of this fapiao can be taken back');
  await dialog.getByLabel('Amount (yuan)').fill('28.50');
  await dialog.getByRole('button', { name: 'Request red fapiao' }).click();
  await expect(dialog).toHaveCount(0);
  const reds = panelOf(page, 'Red fapiao');
  await expect(reds).toContainText('-¥28.50');
  const salesNumber = (await reds.getByRole('link').textContent()) ?? '';

  await staff.goto('/finance/fapiao');
  await staff.getByRole('link', { name: salesNumber }).click();
  await staff.getByRole('button', { name: 'Record red letter' }).click();
  await staff.getByRole('dialog').getByLabel('Number of the red letter').fill('44009926110000001');
  await staff.getByRole('dialog').getByRole('button', { name: 'Record' }).click();
  await expect(staff.getByRole('dialog')).toHaveCount(0);
  const rows = await takeBatch(staff);
  const mine = rows.filter((row) => row['销售单号'] === salesNumber);
  expect(mine.at(-1)).toMatchObject({ 价税合计: '-28.50' });
  const date = await today(staff);
  const number = freshNumber();
  await upload(
    staff,
    filled(mine, () => ({ 数电票号码: number, 开票日期: date })),
  );
  await staff.getByRole('button', { name: 'Take over 1' }).click();
  await expect(staff.getByText('The results of 1 fapiao are taken over.')).toBeVisible();

  await page.goto(`${base}?page=1`);
  await expect(page.getByRole('row').filter({ hasText: salesNumber })).toContainText('Issued');
  await expect(available).not.toHaveText(before ?? '');
});

test('finance declines a request, and the customer reads why', async ({ browser }) => {
  const [page, staff] = [await windowOf(browser, customer), await windowOf(browser, finance)];
  const salesNumber = await request(page, '星图智能科技有限公司', '5.00');
  await staff.goto('/finance/fapiao');
  await staff.getByRole('link', { name: salesNumber }).click();
  await staff.getByRole('button', { name: 'Refuse' }).click();
  await staff.getByRole('dialog').getByLabel('Reason').fill('the name does not fit the code');
  await staff.getByRole('dialog').getByRole('button', { name: 'Refuse request' }).click();
  await expect(staff.getByRole('dialog')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Refused: the name does not fit the code')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Withdraw request' })).toHaveCount(0);
});

test('nobody else opens it: other customers, members, ops; an auditor only reads', async ({ page, browser }) => {
  const own = await windowOf(browser, customer);
  await own.goto(base);
  const id = (await own.getByRole('row').getByRole('link').first().getAttribute('href'))?.split('/').at(-1) ?? '';
  const { slug } = await signUp(page);
  for (const path of [
    `/console/${slug}/fapiao/${id}`,
    `${base}/${id}`,
    base,
    `/finance/fapiao/${id}`,
    '/finance/fapiao',
  ])
    expect((await page.goto(path))?.status(), path).toBe(404);
  await page.goto(`/console/${slug}/fapiao`);
  await expect(page.getByText('No fapiao yet')).toBeVisible();
  const member = await sessionOf(browser, 'engineer@xingtu.example', DEMO_PASSWORD);
  const engineer = await windowOf(browser, member.state);
  for (const path of [base, `${base}/new`, `${base}/titles`, `${base}/${id}`])
    expect((await engineer.goto(path))?.status(), path).toBe(403);
  const auditor = await windowOf(browser, (await sessionOf(browser, createStaff(['auditor']))).state);
  await auditor.goto(`/finance/fapiao/${id}`);
  await expect(auditor.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(auditor.locator('main').getByRole('button')).toHaveCount(0);
  expect((await auditor.goto('/finance/fapiao/import'))?.status()).toBe(403);
});

for (const look of LOOKS)
  test(`every page in ${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({
    browser,
  }) => {
    await lookAt(browser, { look, session: customer }, async (page) => {
      for (const path of ['', '/new', '/titles']) {
        await page.goto(`${base}${path}`);
        await expectWellMade(page);
      }
      await page.goto(base);
      const hrefs = await page
        .locator('main td a')
        .evaluateAll((links) => links.map((each) => each.getAttribute('href') ?? ''));
      for (const href of hrefs.slice(0, 3)) {
        await page.goto(href);
        await expectWellMade(page);
      }
    });
    await lookAt(browser, { look, session: finance }, async (page) => {
      for (const path of ['', '?state=all', '?state=closed', '/import']) {
        await page.goto(`/finance/fapiao${path}`);
        await expectWellMade(page);
      }
      await page.goto('/finance/fapiao?state=issued');
      await page.locator('main td a').first().click();
      await expect(page).toHaveURL(/fap_/);
      await expectWellMade(page);
    });
  });
