import { expect, type Page, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking } from './support/market.ts';
import { createStaff, signIn } from './support/people.ts';

test.use({ locale: 'en-GB' });
// One programme, from its making to the last look at it.
test.describe.configure({ mode: 'serial' });

let buyer: Buyer;
let finance: Page;
let programme = '';
let code = '';
const NAME = 'Shaoguan compute vouchers';

const statOf = (page: Page, label: string) =>
  page.getByText(label, { exact: true }).first().locator('xpath=following-sibling::dd[1]');

test.beforeAll(async ({ browser }) => {
  buyer = await newBuyer(browser, '1000');
  finance = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(finance, createStaff(['finance']));
});

test('finance makes a programme, and codes that are shown once', async () => {
  const complaints = watchConsole(finance);
  await finance.goto('/finance/vouchers');
  await finance.getByRole('link', { name: 'New programme' }).click();
  await finance.getByLabel('Name', { exact: true }).fill(NAME);
  await finance.getByLabel('Kind of issuer').selectOption('public-body');
  await finance.getByLabel('Name of the issuer').fill('Example City Bureau of Industry');
  await finance.getByLabel('Face value (yuan)').fill('50');
  await finance.getByLabel('Budget (yuan)').fill('10');
  await finance.getByLabel('From').fill('2026-11-01T00:00');
  await finance.getByLabel('Terms').fill('For compute only.\nNever paid out.');
  await finance.getByLabel('by the hour').check();
  await finance.getByRole('button', { name: 'Make the programme' }).click();
  await expect(finance.getByText('is incomplete or makes no sense')).toBeVisible();
  await finance.getByLabel('Budget (yuan)').fill('1000');
  await finance.getByLabel('by the hour').check();
  await finance.getByRole('button', { name: 'Make the programme' }).click();
  await expect(finance).toHaveURL(/\/finance\/vouchers\/vpr_/);
  programme = new URL(finance.url()).pathname;
  await expect(finance.getByText('bought by the hour')).toBeVisible();

  await finance.getByRole('button', { name: 'Make codes' }).click();
  await finance.getByLabel('How many').fill('2');
  await finance.getByRole('button', { name: 'Make', exact: true }).click();
  const codes = ((await finance.getByRole('dialog').locator('pre').textContent()) ?? '').trim().split(/\s+/);
  expect(codes).toHaveLength(2);
  code = codes[0] ?? '';
  await finance.getByRole('button', { name: 'I have copied them' }).click();
  await expect(finance.getByText('0 of 2 redeemed')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a customer redeems a code once, and an unknown one never', async () => {
  const { page, slug } = buyer;
  await page.goto(`/console/${slug}/wallet/vouchers`);
  await page.getByRole('button', { name: 'Redeem a voucher' }).click();
  await page.getByLabel('Code').fill('AAAA-AAAA');
  await page.getByRole('dialog').getByRole('button', { name: 'Redeem', exact: true }).click();
  await expect(page.getByText('There is no such code.')).toBeVisible();
  await page.getByLabel('Code').fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('dialog').getByRole('button', { name: 'Redeem', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: NAME });
  await expect(row).toContainText('Usable');
  await expect(row).toContainText('¥50.00');
});

test('the quote says what vouchers and what the wallet pay, and so it is', async () => {
  const { page, slug } = buyer;
  await openBooking(buyer, { cards: '8', hours: '1' });
  await expect(page.getByText('Vouchers pay')).toBeVisible();
  const amount = await askQuote(buyer);
  const total = Number.parseInt(amount.replaceAll(/[¥,.]/g, ''), 10);
  const paid = await page
    .getByText('Vouchers pay', { exact: true })
    .locator('xpath=following-sibling::dd')
    .textContent();
  expect(paid).toBe('¥50.00');
  const cash = await page
    .getByText('The wallet pays', { exact: true })
    .locator('xpath=following-sibling::dd')
    .textContent();
  expect(Number.parseInt((cash ?? '').replaceAll(/[¥,.]/g, ''), 10)).toBe(total - 5_000);
  const id = await confirmQuote(buyer, 'with a voucher');
  await page.goto(`/console/${slug}/reservations/${id}`);
  await expect(page.getByText('Of which by vouchers')).toBeVisible();
  await page.goto(`/console/${slug}/wallet/vouchers`);
  await expect(page.getByRole('row').filter({ hasText: NAME })).toContainText('Used up');
});

test('finance sees where the money is, grants to an organisation, and refuses beyond the budget', async () => {
  const { slug } = buyer;
  await finance.goto(programme);
  await expect(statOf(finance, 'Held')).toHaveText('¥50.00');
  await finance.getByRole('button', { name: 'Grant to an organisation' }).click();
  await finance.getByLabel('Short name of the organisation').fill(slug);
  await finance.getByLabel('Amount (yuan)').fill('951');
  await finance.getByRole('button', { name: 'Grant', exact: true }).click();
  await expect(finance.getByText('¥950.00 may still be granted')).toBeVisible();
  await finance.getByLabel('Amount (yuan)').fill('20.5');
  await finance.getByRole('button', { name: 'Grant', exact: true }).click();
  await expect(finance.getByRole('dialog')).toBeHidden();
  await expect(statOf(finance, 'Left')).toHaveText('¥20.50');
  const [file] = await Promise.all([
    finance.waitForEvent('download'),
    finance.getByRole('link', { name: 'Statement (CSV)' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^kashi-vouchers-vpr_.*\.csv$/);
});

test('every page of vouchers is well made in both languages', async ({ browser }) => {
  const { page, slug } = buyer;
  const own: Session = await page.context().storageState();
  const staff: Session = await finance.context().storageState();
  for (const look of LOOKS) {
    await lookAt(browser, { look, session: own }, [
      `/console/${slug}/wallet/vouchers`,
      `/console/${slug}/book?cards=2`,
    ]);
    await lookAt(browser, { look, session: staff }, ['/finance/vouchers', '/finance/vouchers/new', programme]);
  }
});

test('a voucher is withdrawn, and a programme stops granting', async () => {
  await finance.goto(programme);
  await finance
    .getByRole('button', { name: /^Withdraw: / })
    .first()
    .click();
  await finance.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(finance.getByRole('dialog')).toBeHidden();
  await expect(finance.getByRole('row', { name: /Over/ }).first()).toBeVisible();
  await finance.getByRole('button', { name: 'Stop granting' }).click();
  await finance.getByRole('dialog').getByRole('button', { name: 'Stop granting' }).click();
  await expect(finance.getByText('Stopped', { exact: true })).toBeVisible();
  await expect(finance.getByRole('button', { name: 'Make codes' })).toBeHidden();
});
