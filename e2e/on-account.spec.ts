import { expect, type Page, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking, readReservation } from './support/market.ts';
import { createStaff, signIn } from './support/people.ts';

test.use({ locale: 'en-GB' });
// One line, from its proposal to what is booked on it.
test.describe.configure({ mode: 'serial' });

let buyer: Buyer;
let finance: Page;
let admin: Page;
let quote = '';
const LINES = '/finance/receivables/lines';

/** An amount of the panel, in yuan. */
async function yuanOf(page: Page, label: string): Promise<number> {
  return Number(/¥([\d,.]+)/.exec((await statOf(page, label).textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? '0');
}

const statOf = (page: Page, label: string) =>
  page.getByText(label, { exact: true }).first().locator('xpath=following-sibling::dd[1]');

test.beforeAll(async ({ browser }) => {
  buyer = await newBuyer(browser, '1');
  finance = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(finance, createStaff(['finance']));
  admin = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(admin, createStaff(['admin']));
});

test('without a line there is no choice, and a program that asks for one is refused by name', async () => {
  const { page, api } = buyer;
  await openBooking(buyer, { cards: '2', hours: '2' });
  await askQuote(buyer);
  await expect(page.getByRole('radio', { name: /^On account/ })).toHaveCount(0);
  const quoteId = /quote\/(quo_\w+)/.exec(page.url())?.[1] ?? '';
  const refused = await api.post('reservations', { quoteId, name: 'early', payBy: 'account' });
  expect(refused.status()).toBe(422);
  expect(JSON.stringify(await refused.json())).toContain('accountNotOpen');
});

test('one person proposes a line, another approves it', async () => {
  const complaints = watchConsole(finance);
  await finance.goto('/finance/receivables');
  await finance.getByRole('link', { name: 'Credit lines' }).click();
  await finance.getByRole('button', { name: 'Propose a line' }).click();
  await finance.getByLabel('Organisation').fill('nobody-at-all');
  await finance.getByLabel('Line (yuan)').fill('2000');
  await finance.getByLabel('Reason').fill('framework contract 7');
  await finance.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(finance.getByRole('dialog').getByRole('alert')).toBeVisible();
  await finance.getByLabel('Organisation').fill(buyer.slug);
  await finance.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(finance.getByRole('dialog')).toHaveCount(0);
  await expect(finance.getByRole('row').filter({ hasText: 'framework contract 7' })).toBeVisible();
  await admin.goto(LINES);
  await admin.getByRole('button', { name: 'Approve ¥2,000.00' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Approve ¥2,000.00' }).click();
  await expect(admin.getByRole('dialog')).toHaveCount(0);
  await expect(admin.getByRole('row').filter({ hasText: '¥2,000.00' }).first()).toContainText('Nothing overdue');
  expect(complaints).toEqual([]);
});

test('who has a line chooses it at the booking; it is set aside whole, and the wallet stays as it was', async () => {
  const { page, slug } = buyer;
  const complaints = watchConsole(page);
  await openBooking(buyer, { cards: '2', hours: '3' });
  const amount = await askQuote(buyer);
  quote = new URL(page.url()).pathname;
  // The wallet does not reach, so what does is chosen.
  await expect(page.getByRole('radio', { name: /^On account/ })).toBeChecked();
  const id = await confirmQuote(buyer, 'on account');
  await expect(page.getByText('On account', { exact: true })).toBeVisible();
  expect(await readReservation(buyer, id)).toMatchObject({ payBy: 'account' });
  await page.goto(`/console/${slug}/wallet`);
  await expect(statOf(page, 'Credit line')).toHaveText('¥2,000.00');
  // What was asked for is the most that it comes to while the quote holds; an hour that ended meanwhile is owed already.
  const inUse = (await yuanOf(page, 'Set aside')) + (await yuanOf(page, 'Owed'));
  expect(inUse).toBeGreaterThan(50);
  expect(inUse).toBeLessThanOrEqual(Number(amount.replace(/[¥,]/g, '')));
  expect(Math.abs(2_000 - inUse - (await yuanOf(page, 'Free')))).toBeLessThan(0.02);
  await expect(statOf(page, 'Available')).toContainText('¥1.00');
  expect(complaints).toEqual([]);
});

test('what the line does not hold is refused with what is free', async () => {
  const { page } = buyer;
  await openBooking(buyer, { cards: '16', hours: '48' });
  await askQuote(buyer);
  await expect(page.getByText(/The credit line does not reach/)).toBeVisible();
  await page.getByRole('radio', { name: /^On account/ }).check();
  await page.getByLabel('Name').fill('too much');
  await page.getByRole('button', { name: /^Confirm reservation/ }).click();
  await expect(page.getByText(/Take fewer cards or hours, pay an invoice first/)).toBeVisible();
});

test('every page of it is well made in both languages', async ({ browser }) => {
  const { page, slug } = buyer;
  const own: Session = await page.context().storageState();
  const staff: Session = await finance.context().storageState();
  for (const look of LOOKS) {
    await lookAt(browser, { look, session: own }, [`/console/${slug}/wallet`, quote]);
    await lookAt(browser, { look, session: staff }, [LINES, '/finance/receivables']);
  }
  // A picture of each for whoever looks.
  for (const locale of ['en-GB', 'zh-CN']) {
    const context = await browser.newContext({ locale, storageState: own });
    const seen = await context.newPage();
    await seen.goto(`/console/${slug}/wallet`);
    await seen.screenshot({ path: test.info().outputPath(`wallet-${locale}.png`), fullPage: true });
    await seen.goto(quote);
    await seen.screenshot({ path: test.info().outputPath(`quote-${locale}.png`), fullPage: true });
    await context.close();
  }
});
