import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { passSeconds, passTo } from './support/clock.ts';
import { closeMonthsBefore } from './support/finance.ts';
import { createStaff, signIn, signUp } from './support/people.ts';
import { freshReference, recordReceipt } from './support/receipts.ts';

// One company from its first visit to its first invoice, with finance and ops at work beside it.
test.describe.configure({ mode: 'serial' });

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;
/** The 10,000 cards of Shaoguan. */
const POOL = 'pol_sg-zw810e';
const AMOUNT = '¥200,000.00';

type Stage = { readonly page: Page; readonly complaints: string[] };

async function open(browser: Browser): Promise<Stage> {
  const context: BrowserContext = await browser.newContext({ locale: 'en-GB', acceptDownloads: true });
  const page = await context.newPage();
  return { page, complaints: watchConsole(page) };
}

/** An amount as shown, in fen. */
const fenOf = (text: string): bigint => BigInt(/¥([\d,]+\.\d\d)/.exec(text)?.[1]?.replaceAll(/[,.]/g, '') ?? '-1');

/** A panel of a page by its heading. */
const panelOf = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) });

/** The value beside a term of a list of facts. */
async function factOf(page: Page, panel: string, term: string): Promise<string> {
  const list = panelOf(page, panel);
  return (
    (await list
      .locator('dt', { hasText: new RegExp(`^${term}$`) })
      .locator('xpath=following-sibling::dd')
      .textContent()) ?? ''
  );
}

/** Asks for the quote of what the page shows and confirms it; answers the address of the reservation and its price. */
async function confirmShown(page: Page, name: string): Promise<{ url: string; amount: string }> {
  const button = page.getByRole('button', { name: /^Get quote/ });
  const amount = /¥[\d,.]+/.exec((await button.textContent()) ?? '')?.[0] ?? '';
  await button.click();
  await expect(page.getByRole('heading', { name: 'Quote', level: 1 })).toBeVisible();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: `Confirm reservation · ${amount}` }).click();
  await expect(page).toHaveURL(/\/reservations\/rsv_/);
  return { url: page.url().replace(/\?.*/, ''), amount };
}

/** The servers that a reservation's cards stand on, as paths. */
async function serversOf(page: Page, url: string): Promise<string[]> {
  await page.goto(`${url}?tab=cards`);
  const positions = await page
    .getByRole('row')
    .getByText(/slot \d+/)
    .allTextContents();
  expect(positions.length).toBeGreaterThan(0);
  return [...new Set(positions.map((text) => text.split(' ')[0] ?? ''))];
}

let company: Stage & { slug: string; organisation: string };
let finance: Stage;
let ops: Stage;
let training = { url: '', amount: '' };
let nextWeek = { url: '', amount: '' };

test.beforeAll(async ({ browser }) => {
  finance = await open(browser);
  await signIn(finance.page, createStaff(['finance']));
  ops = await open(browser);
  await signIn(ops.page, createStaff(['ops']));
});

test('a company signs up, announces a transfer, and finance matches it', async ({ browser }) => {
  const stage = await open(browser);
  const { page } = stage;
  const { slug, organisation } = await signUp(page);
  company = { ...stage, slug, organisation };
  await page.goto(`/console/${slug}/wallet/top-up`);
  const bank = panelOf(page, 'Bank transfer');
  await bank.getByLabel('Amount (yuan)').fill('200000');
  await bank.getByRole('button', { name: 'Get remittance code' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Transfer of ${AMOUNT}` })).toBeVisible();
  const code = (await page.locator('main').textContent())?.match(/KS[0-9A-Z-]{6,}/)?.[0] ?? '';
  expect(code).not.toBe('');

  const reference = freshReference();
  await recordReceipt(finance.page, { reference, yuan: '200000.00', payer: `${organisation} Ltd`, remark: code });
  const row = finance.page.getByRole('row').filter({ hasText: reference });
  await expect(row).toContainText('Code in remark');
  await row.getByRole('button', { name: `Match to ${organisation}` }).click();
  await finance.page
    .getByRole('dialog')
    .getByRole('button', { name: `Match to ${organisation} · ${AMOUNT}` })
    .click();
  await expect(row).toHaveCount(0);

  // The payment's page has followed by itself.
  await expect(page.getByText(`${AMOUNT} is in the wallet.`)).toBeVisible();
  await page.goto(`/console/${slug}/wallet`);
  await expect(page.getByRole('row', { name: /Bank transfer arrived/ })).toContainText('200,000.00');
});

test('it books 8 cards for 3 hours now and 16 for a day next week', async () => {
  const { page, slug } = company;
  await page.goto(`/console/${slug}/book`);
  await expect(page.getByRole('radio', { name: /810E/ })).toBeChecked();
  await page.getByRole('textbox', { name: 'Cards' }).fill('8');
  await expect(page.getByText('8 cards, 24.00 card-hours')).toBeVisible();
  training = await confirmShown(page, 'training');
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible();
  // "Now" is quoted at the dearest moment of the quote's life: what is held is that or less.
  const held = fenOf(await factOf(page, 'Money', 'Held in all'));
  expect(held > 0n && held <= fenOf(training.amount)).toBe(true);

  await page.goto(`/console/${slug}/book?${new URLSearchParams({ pool: POOL, cards: '16', hours: '24', week: '1' })}`);
  await page.getByRole('region', { name: 'Free cards' }).getByRole('link', { name: /free/ }).first().click();
  await expect(page).toHaveURL(/when=later/);
  await expect(page.getByText('16 cards, 384.00 card-hours')).toBeVisible();
  nextWeek = await confirmShown(page, 'evaluation');
  await expect(page.getByText('Confirmed', { exact: true }).first()).toBeVisible();
  expect(fenOf(await factOf(page, 'Money', 'Held in all'))).toBe(fenOf(nextWeek.amount));
});

test('it runs a workload on its cards and sees charges as hours pass', async () => {
  const { page, slug } = company;
  await page.goto(training.url);
  await page.goto(`${training.url}?tab=access`);
  await expect(page.getByText(/\/dev\/\S*ppu\S*/).first()).toBeVisible();
  await page.goto(`${training.url}?tab=workloads`);
  await page.getByRole('link', { name: 'Submit workload' }).first().click();
  await page.getByLabel('Name').fill('finetune');
  await page.getByLabel('Command').fill('sleep 2400');
  await page.getByRole('button', { name: 'Submit workload' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'finetune' })).toBeVisible();
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible();
  const workload = page.url();

  await page.goto(training.url);
  expect(fenOf(await factOf(page, 'Money', 'Charged'))).toBe(0n);
  await passSeconds(5_400);
  // The page has followed by itself: a full hour has gone by and is charged.
  await expect.poll(async () => fenOf(await factOf(page, 'Money', 'Charged'))).toBeGreaterThan(0n);
  await page.goto(workload);
  await expect(page.getByText('Ended by itself with code 0')).toBeVisible();
  await page.goto(`/console/${slug}/usage`);
  await expect(page.getByRole('row', { name: /training/ })).toContainText('¥');
});

test('it releases early and gets the rest back', async () => {
  const { page, slug } = company;
  await page.goto(training.url);
  const held = fenOf(await factOf(page, 'Money', 'Held in all'));
  await page.getByRole('link', { name: 'Release early' }).click();
  await page.getByRole('button', { name: /^Release now · ¥[\d,.]+ back$/ }).click();
  await expect(page).toHaveURL(training.url);
  await expect(page.getByText('Settled', { exact: true })).toBeVisible();
  const [charged, returned] = [await factOf(page, 'Money', 'Charged'), await factOf(page, 'Money', 'Returned')].map(
    fenOf,
  );
  // An hour and a half of three: the rest is back, to the fen that rounding shows.
  expect(charged).toBeGreaterThan(held / 3n);
  expect(returned).toBeGreaterThan(held / 3n);
  const difference = (charged ?? 0n) + (returned ?? 0n) - held;
  expect(difference >= -1n && difference <= 1n).toBe(true);
  await page.goto(`/console/${slug}/wallet`);
  await expect(page.getByRole('row', { name: /Hold released/ }).first()).toBeVisible();
});

test('ops cordons a server, and the next booking avoids it', async () => {
  const { page, slug } = company;
  const bookEight = async (name: string): Promise<string[]> => {
    await page.goto(`/console/${slug}/book?pool=${POOL}&cards=8`);
    await expect(page.getByText('8 cards, 24.00 card-hours')).toBeVisible();
    const { url } = await confirmShown(page, name);
    const servers = await serversOf(page, url);
    await page.goto(`${url}/release`);
    await page.getByRole('button', { name: /^Release now/ }).click();
    await expect(page).toHaveURL(url);
    return servers;
  };
  const [usual = ''] = await bookEight('before');
  await ops.page.goto(`/ops/inventory?${new URLSearchParams({ q: `sg/${usual}` })}`);
  await ops.page.getByRole('link', { name: new RegExp(`sg/${usual}$`) }).click();
  await ops.page.getByRole('link', { name: 'Cordon', exact: true }).click();
  await ops.page.getByLabel('Reason').fill('fan replacement');
  await ops.page.getByRole('button', { name: /^Cordon: \d+ cards$/ }).click();
  await expect(ops.page.getByText('Done.')).toBeVisible();
  expect(await bookEight('while cordoned')).not.toContain(usual);

  await ops.page.goBack();
  await ops.page.getByRole('link', { name: 'Uncordon', exact: true }).click();
  await ops.page.getByRole('button', { name: /^Uncordon: \d+ cards$/ }).click();
  await expect(ops.page.getByText('Done.')).toBeVisible();
  expect(await bookEight('afterwards')).toContain(usual);
});

test('finance closes the month, and the company downloads its invoice', async () => {
  test.setTimeout(480_000);
  const { page, slug, organisation } = company;
  let now = (await passSeconds(1)).getTime();
  const beijing = new Date(now + BEIJING_MS);
  const month = beijing.toISOString().slice(0, 7);
  const cutoff = Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1) - BEIJING_MS + 36 * HOUR_MS;
  const target = Math.max(cutoff, now + 10 * DAY_MS);
  while (now < target) {
    now = Math.min(now + 2 * DAY_MS, target);
    await passTo(new Date(now));
  }
  await page.goto(nextWeek.url);
  await expect(page.getByText('Ended', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('384.00').first()).toBeVisible();

  closeMonthsBefore(month);
  await finance.page.goto(`/finance/periods/${month}`);
  await finance.page.getByLabel(`Type ${month} to confirm`).fill(month);
  await finance.page.getByRole('button', { name: `Close ${month}` }).click();
  await expect(finance.page.getByRole('status').filter({ hasText: `${month} is closed with` })).toBeVisible();

  await page.goto(`/console/${slug}/invoices`);
  const row = page.getByRole('row').filter({ hasText: month });
  await expect(row).toContainText('¥');
  const link = row.getByRole('link', { name: /^Download invoice KS-\d{4}-\d{6} as PDF$/ });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/\.pdf$/);
  const stream = await download.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const pdf = Buffer.concat(chunks);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(10_000);

  // What the month cost is what the invoice says, for the company and for finance.
  const gross = /¥[\d,]+\.\d\d/g;
  await finance.page.goto(`/finance/invoices?month=${month}`);
  const theirs = (await finance.page.getByRole('row').filter({ hasText: organisation }).textContent()) ?? '';
  const ours = (await row.textContent()) ?? '';
  expect(ours.match(gross)).not.toBeNull();
  expect(theirs.match(gross)).toEqual(expect.arrayContaining(ours.match(gross) ?? []));
  expect([...company.complaints, ...finance.complaints, ...ops.complaints]).toEqual([]);
});
